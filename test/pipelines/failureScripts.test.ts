import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScriptWorld } from './scriptWorld';

jest.setTimeout(240_000);

const NEEDS = JSON.stringify({
  'deploy-staging': { result: 'failure', outputs: { note: 'inner' } },
  e2e: { result: 'skipped', outputs: {} },
  build: { result: 'success', outputs: {} },
  // Older than what runs.
  'deploy-production': { result: 'failure', outputs: { refused: 'true' } },
});

const world = new ScriptWorld();

beforeEach(async () => {
  world.asked.length = 0;
  await world.start();
});

afterEach(() => world.stop());

describe('open-issue.sh', () => {
  const ISSUES = '/repos/example-org/shop/issues';
  let open: { number: number; title: string; pull_request?: object }[];
  let failing: number | undefined;

  beforeEach(() => {
    open = [];
    failing = undefined;
    world.answer = ({ method, path, query }) => {
      if (failing) {
        return [failing, { message: 'no' }];
      }
      if (method === 'POST') {
        return [201, {}];
      }
      const page = Number(query.get('page'));
      return path === ISSUES
        ? [200, open.slice((page - 1) * 100, page * 100)]
        : [404, {}];
    };
  });

  const openIssue = (more: Record<string, string> = {}) =>
    world.run('open-issue.sh', {
      TITLE: 'CI/CD failed on main',
      LABELS: 'bug\nci cd',
      NEEDS,
      COMMIT: 'a'.repeat(40),
      ...more,
    });

  const posted = () => world.asked.filter(({ method }) => method === 'POST');

  it('says what failed, in which run, of which branch and commit', async () => {
    const { code } = await openIssue();

    expect(code).toBe(0);
    const [{ path, body, authorization }] = posted();
    expect(path).toBe(ISSUES);
    expect(authorization).toBe('Bearer token-of-the-job');
    expect(body).toMatchObject({
      title: 'CI/CD failed on main',
      labels: ['bug', 'ci cd'],
    });
    expect(body.body).toContain(
      'Run [#12](https://github.example.test/example-org/shop/actions/runs/77) of `CI/CD` failed.',
    );
    expect(body.body).toContain('- Failed: `deploy-staging`\n');
    expect(body.body).toContain('- Branch or tag: `main`');
    expect(body.body).toContain(`- Commit: \`${'a'.repeat(40)}\``);
    expect(body.body).toContain('| `e2e` | skipped |');
    expect(body.body).not.toContain('inner');
  });

  it('opens none twice: the open one gets a comment, wherever it stands in the list', async () => {
    open = Array.from({ length: 150 }, (_, index) => ({
      number: index + 1,
      title: index === 130 ? 'CI/CD failed on main' : `Other ${index}`,
    }));

    const { code, output } = await openIssue();

    expect(code).toBe(0);
    expect(output).toContain('Issue #131 has a comment');
    expect(posted().map(({ path }) => path)).toEqual([
      `${ISSUES}/131/comments`,
    ]);
  });

  it('takes no pull request for an issue', async () => {
    open = [{ number: 1, title: 'CI/CD failed on main', pull_request: {} }];

    await openIssue();

    expect(posted().map(({ path }) => path)).toEqual([ISSUES]);
  });

  it('names the commit of the run where there is no other', async () => {
    await openIssue({ COMMIT: '' });

    expect(posted()[0].body.body).toContain('c'.repeat(40));
  });

  it('keeps a branch from becoming more than its name', async () => {
    await openIssue({ GITHUB_REF_NAME: 'x` @everyone `' });

    expect(posted()[0].body.body).toContain('`x  @everyone  `');
  });

  it('fails where GitHub does not take it', async () => {
    failing = 403;

    const { code } = await openIssue();

    expect(code).not.toBe(0);
    expect(posted()).toEqual([]);
  });
});

describe('tell-chat.sh', () => {
  const tell = (webhook: string) =>
    world.run('tell-chat.sh', {
      TITLE: 'Deploy <production> failed',
      NEEDS,
      COMMIT: 'a'.repeat(40),
      WEBHOOK: webhook,
    });

  it('tells what failed, with signs that mean nothing to the chat', async () => {
    world.answer = () => [200, {}];

    const { code, output } = await tell(`${world.url}/hook/secret-part`);

    expect(code).toBe(0);
    expect(world.asked[0].path).toBe('/hook/secret-part');
    expect(world.asked[0].body.text).toContain(
      '*Deploy &lt;production&gt; failed*',
    );
    expect(world.asked[0].body.text).toContain('Failed: deploy-staging.');
    expect(output).not.toContain('secret-part');
  });

  it('tells nobody without an address', async () => {
    expect((await tell('')).code).toBe(0);
    expect(world.asked).toEqual([]);
  });

  it('takes nothing for an address that could say more to the program that asks', async () => {
    const { code, output } = await tell(
      `${world.url}/hook"\noutput = "/tmp/elsewhere`,
    );

    expect(code).toBe(1);
    expect(output).not.toContain('elsewhere');
    expect(world.asked).toEqual([]);
  });

  it('does not fail where the chat is down', async () => {
    world.answer = () => [403, {}];

    const { code, output } = await tell(`${world.url}/hook`);

    expect(code).toBe(0);
    expect(output).toContain('::warning::');
  });
});

describe('verify-tag.sh', () => {
  const TAG = 'b'.repeat(40);
  let type: string;
  let verification: object;
  let commit: string;

  beforeEach(() => {
    type = 'tag';
    verification = { verified: true, reason: 'valid' };
    commit = 'c'.repeat(40);
    world.answer = ({ path }) => {
      const base = '/repos/example-org/shop/git';
      if (path === `${base}/ref/tags/v1.2.3`) {
        return [200, { object: { type, sha: TAG } }];
      }
      return path === `${base}/tags/${TAG}`
        ? [
            200,
            { verification, object: { sha: commit }, tagger: { name: 'Dana' } },
          ]
        : [404, {}];
    };
  });

  const verify = (ref = 'refs/tags/v1.2.3') =>
    world.run('verify-tag.sh', { GITHUB_REF: ref });

  it('lets in a tag whose signature is good', async () => {
    const { code, output } = await verify();

    expect(output).toContain('was signed by Dana');
    expect(code).toBe(0);
  });

  it('lets in no tag without a signature of its own', async () => {
    type = 'commit';

    const { code, output } = await verify();

    expect(output).toContain('has no signature');
    expect(code).toBe(1);
  });

  it('lets in no tag whose signature GitHub does not know', async () => {
    verification = { verified: false, reason: 'unknown_key' };

    const { code, output } = await verify();

    expect(output).toContain('not good: unknown_key');
    expect(code).toBe(1);
  });

  it('lets in no tag that was moved meanwhile', async () => {
    commit = 'd'.repeat(40);

    expect((await verify()).code).toBe(1);
  });

  it.each(['refs/heads/main', 'refs/tags/v1?x=$(id)', 'refs/tags/v9'])(
    'lets in nothing of %s',
    async ref => {
      expect((await verify(ref)).code).not.toBe(0);
    },
  );
});

describe('judge-sarif.sh', () => {
  const sarif = (results: object[]) => ({
    runs: [
      {
        tool: {
          driver: {
            rules: [
              { id: 'worst', properties: { 'security-severity': '9.8' } },
              { id: 'middling', properties: { 'security-severity': '5.0' } },
              { id: 'style', defaultConfiguration: { level: 'note' } },
            ],
          },
        },
        results,
      },
    ],
  });

  async function judge(severities: string, results: object[] | undefined) {
    if (results) {
      await writeFile(
        join(world.folder, 'scan.sarif'),
        JSON.stringify(sarif(results)),
      );
    }
    return world.run('judge-sarif.sh', {
      SARIF_REPORTS: 'scan.sarif',
      SEVERITIES: severities,
    });
  }

  it.each([
    ['critical', [{ ruleId: 'worst' }], 1],
    ['critical', [{ ruleId: 'middling' }, { ruleId: 'style' }], 0],
    ['critical high medium', [{ ruleId: 'middling' }], 1],
    ['critical high medium', [{ ruleId: 'style' }], 0],
    ['critical high', [{ ruleId: 'unknown', level: 'error' }], 1],
    [
      'critical',
      [{ ruleId: 'worst', suppressions: [{ kind: 'external' }] }],
      0,
    ],
    ['critical', [], 0],
  ])('with %s judges %j', async (severities, results, expected) => {
    expect((await judge(severities, results)).code).toBe(expected);
  });

  it('fails where the scan left nothing', async () => {
    const { code, output } = await judge('critical', undefined);

    expect(output).toContain('The scan was not completed');
    expect(code).toBe(1);
  });

  it('gives the runner no command of a report that cannot be read', async () => {
    await writeFile(join(world.folder, 'scan.sarif'), 'x\n::add-mask::a\n');

    const { code, output } = await world.run('judge-sarif.sh', {
      SARIF_REPORTS: 'scan.sarif',
      SEVERITIES: 'critical',
    });

    expect(output).toContain('The scan was not completed');
    expect(output).not.toMatch(/^::add-mask/m);
    expect(code).toBe(1);
  });
});
