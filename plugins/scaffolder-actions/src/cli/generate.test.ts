import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { run } from './run';

const VVP = path.resolve(__dirname, '../../../../examples/vvp/deploy.yaml');
const BROKER = path.resolve(
  __dirname,
  '../../../../examples/sandbox-broker/deploy.yaml',
);
const WORKFLOW = '.github/workflows/deploy.yml';
const CHECKOUT = /actions\/checkout@[0-9a-f]{40} # (\S+)/g;
const A_COMMIT = 'a'.repeat(40);

describe('the commands on a deploy.yaml', () => {
  let folder: string;
  let spec: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'pipeline-'));
    spec = path.join(folder, 'deploy.yaml');
    await cp(VVP, spec);
  });

  afterEach(() => rm(folder, { recursive: true }));

  async function call(...args: string[]) {
    const out: string[] = [];
    const error: string[] = [];
    const code = await run(args, {
      out: text => out.push(text),
      error: text => error.push(text),
    });
    return { code, out: out.join('\n'), error: error.join('\n') };
  }

  const generate = (...more: string[]) =>
    call('generate', spec, '--out', folder, ...more);
  const check = (...more: string[]) =>
    call('check', spec, '--repo', folder, ...more);
  const read = (name: string) => readFile(path.join(folder, name), 'utf8');
  const change = async (name: string, from: string, to: string) => {
    const text = await read(name);
    expect(text).toContain(from);
    await writeFile(path.join(folder, name), text.replace(from, to));
  };

  it('generate writes what is missing, and nothing twice', async () => {
    const first = await generate();
    const second = await generate();

    expect(first).toMatchObject({ code: 0, error: '' });
    expect(first.out).toContain(`wrote ${WORKFLOW}`);
    expect(second.out).toMatch(/^\d+ unchanged$/);
    expect((await check()).out).toBe('');
  });

  it('tells of what no service goes by, and writes all the same', async () => {
    const role = '    aws: { deployRole: { variable: ROLE } }\n    storage:';
    await change('deploy.yaml', '    storage:', role);

    for (const said of [await generate(), await check()]) {
      expect(said).toMatchObject({ code: 0 });
      expect(said.error).toMatch(
        /deploy\.yaml:12:\d+: deploy\.yaml: no service goes to ECS .* Remove it/,
      );
    }
  });

  it('generate follows a change of the spec', async () => {
    await generate();
    await change('deploy.yaml', 'maxReplicas: 3', 'maxReplicas: 5');

    const drifted = await check();
    expect(drifted.code).toBe(1);
    expect(drifted.out).toMatch(
      /deploy\.yml:\d+:\d+: drift: jobs\.deploy-issuer\.steps\.\d+\.env\.MAX_REPLICAS is "3", and deploy\.yaml asks for "5"/,
    );

    expect(await generate()).toMatchObject({ code: 0 });
    expect(await check()).toMatchObject({ code: 0, out: '' });
  });

  it('generate names a file that somebody changed, and writes nothing, until told', async () => {
    await generate();
    await change(WORKFLOW, 'timeout-minutes: 5', 'timeout-minutes: 50');
    await change('deploy.yaml', 'maxReplicas: 3', 'maxReplicas: 5');
    const issuer = await read('docs/runbooks/issuer/RUNBOOK.md');

    const refused = await generate();

    expect(refused.code).toBe(1);
    expect(refused.error).toContain(`Nothing was written: ${WORKFLOW} was`);
    expect(await read(WORKFLOW)).toContain('timeout-minutes: 50');
    expect(await read('docs/runbooks/issuer/RUNBOOK.md')).toBe(issuer);

    expect(await generate('--force')).toMatchObject({ code: 0 });
    expect(await read(WORKFLOW)).not.toContain('timeout-minutes: 50');
  });

  const TRUST = 'deploy/aws/deploy-production/trust-policy.json';

  it('generate follows a change in files that can carry no hash', async () => {
    await cp(BROKER, spec);
    await generate();
    await change('deploy.yaml', 'repository: ', 'repository: other-');

    expect(await generate()).toMatchObject({ code: 0, error: '' });
    expect(await read(TRUST)).toContain('repo:other-');
    expect(await check()).toMatchObject({ code: 0, out: '' });
  });

  it.each([
    ['somebody changed one of them', TRUST, 'sts.amazonaws.com'],
    ['somebody changed the hashes', 'deploy/SHA256SUMS', '  aws/'],
  ])('generate refuses to where %s', async (_, name, text) => {
    await cp(BROKER, spec);
    await generate();
    await change(name, text, `${text}x`);
    await change('deploy.yaml', 'repository: ', 'repository: other-');

    const { code, error } = await generate();

    expect(code).toBe(1);
    expect(error).toContain('Nothing was written: ');
    expect(error).toContain(TRUST);
    expect(await read(TRUST)).not.toContain('repo:other-');
  });

  it('generate and check take the line ends of Windows for none of somebody’s changes', async () => {
    await cp(BROKER, spec);
    await generate();
    for (const name of [WORKFLOW, TRUST, 'deploy/SHA256SUMS']) {
      const text = await read(name);
      await writeFile(path.join(folder, name), text.replace(/\n/g, '\r\n'));
    }

    expect(await check()).toMatchObject({ code: 0, out: '' });
    expect((await generate()).out).toMatch(/^\d+ unchanged$/);
    await change('deploy.yaml', 'repository: ', 'repository: other-');
    expect(await generate()).toMatchObject({ code: 0, error: '' });
  });

  it('generate puts back what it has written, where the rest cannot be', async () => {
    await generate();
    await change('deploy.yaml', 'maxReplicas: 3', 'maxReplicas: 5');
    await rm(path.join(folder, '.github/deploy/verify-http.sh'));
    const before = await read(WORKFLOW);
    const runbook = 'docs/runbooks/verifier/RUNBOOK.md';
    const inTheWay = path.join(folder, `${runbook}.${process.pid}.old`);
    await mkdir(inTheWay);

    expect(await generate()).toMatchObject({ code: 2 });

    expect(await read(WORKFLOW)).toBe(before);
    expect(await readdir(path.join(folder, '.github/workflows'))).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/\.(new|old)$/)]),
    );
    expect(await readdir(path.join(folder, '.github/deploy'))).not.toContain(
      'verify-http.sh',
    );
    await rm(inTheWay, { recursive: true });
    expect(await generate()).toMatchObject({ code: 0 });
  });

  it('generate leaves a workflow alone that is not its own', async () => {
    await generate();
    await writeFile(path.join(folder, WORKFLOW), 'name: mine\n');

    expect(await generate()).toMatchObject({ code: 1 });
    expect(await read(WORKFLOW)).toBe('name: mine\n');
  });

  it('generate writes nothing for a spec with a mistake, and says where it is', async () => {
    await change('deploy.yaml', 'minimum: 79', 'minimum: 790');

    const { code, out } = await generate();

    expect(code).toBe(1);
    expect(out).toMatch(
      /deploy\.yaml:\d+:\d+: deploy\.yaml: .*Write a number from 0 to 100/,
    );
    expect(await readdir(folder)).toEqual(['deploy.yaml']);
  });

  it('generate leaves nothing half written where it cannot write', async () => {
    await writeFile(path.join(folder, 'docs'), 'a file, not a folder\n');

    expect((await generate()).code).toBe(2);

    const left = await readdir(folder, { recursive: true });
    expect(left.filter(name => /\.(yml|sh|json|md|new)$/.test(name))).toEqual(
      [],
    );
  });

  it('check does not mind layout, comments and newer versions of actions', async () => {
    await generate();
    await change(
      WORKFLOW,
      '    needs:\n      - changes\n    if:',
      '    needs: changes\n    if:',
    );
    const text = await read(WORKFLOW);
    await writeFile(
      path.join(folder, WORKFLOW),
      `# Somebody's comment\n${text.replace(
        CHECKOUT,
        `actions/checkout@${'a'.repeat(40)} # v99.0.0`,
      )}`,
    );

    const { code, out, error } = await check();

    expect({ code, out }).toEqual({ code: 0, out: '' });
    expect(error).toMatch(
      /deploy\.yml:\d+:\d+: newer: actions\/checkout is v99\.0\.0, and deploy-pipeline writes v\d/,
    );
  });

  it.each([
    ['a branch', () => '@main'],
    ['a tag', () => '@v99.0.0'],
    ['nothing', () => ''],
    ['another commit of that version', (v: string) => `@${A_COMMIT} # ${v}`],
    ['an older version', () => `@${A_COMMIT} # v1.0.0`],
    ['a commit of who knows what version', () => `@${A_COMMIT}`],
    ['a short commit', () => '@aaaaaaa # v99.0.0'],
  ])('check finds an action that is pinned to %s', async (_, pin) => {
    await generate();
    const text = await read(WORKFLOW);
    await writeFile(
      path.join(folder, WORKFLOW),
      text.replace(
        CHECKOUT,
        (...[, version]: string[]) => `actions/checkout${pin(version)}`,
      ),
    );

    const { code, out } = await check();

    expect(code).toBe(1);
    expect(out).toMatch(/drift: jobs\.\S+\.uses is "actions\/checkout/);
  });

  it('check finds a script that lost the right to be executed, and generate gives it back', async () => {
    await generate();
    const script = path.join(folder, '.github/deploy/verify-http.sh');
    await chmod(script, 0o644);

    const { code, out } = await check();

    expect(code).toBe(1);
    expect(out).toMatch(/verify-http\.sh:1:1: drift: .*may not be executed/);
    expect((await generate()).out).toContain(
      'wrote .github/deploy/verify-http.sh',
    );
    expect(await check()).toMatchObject({ code: 0, out: '' });
  });

  it.each([
    [VVP, 'azure/federated-credentials/environment-production-issuer.json'],
    [BROKER, 'aws/deploy-production/trust-policy.json'],
    [BROKER, 'aws/deploy-production/permissions.json'],
  ])('check finds what a cloud has to trust no longer', async (of, name) => {
    await cp(of, spec);
    await generate();
    const place = path.join(folder, 'deploy', name);
    const gone = place.replace('production', 'gone');
    await mkdir(path.dirname(gone), { recursive: true });
    for (const own of ['trust-policy.json', 'permissions.json']) {
      const from = path.join(path.dirname(place), own);
      await cp(from, path.join(path.dirname(gone), own)).catch(() => {});
    }
    await writeFile(
      gone,
      (
        await readFile(place, 'utf8')
      ).replace(/production-issuer/g, 'gone-issuer'),
    );
    await writeFile(path.join(folder, 'deploy/azure.json'), '{}\n');
    await writeFile(path.join(path.dirname(gone), 'mine.json'), '{}\n');

    const { code, out } = await check();

    expect(code).toBe(1);
    expect(out).toContain(`${gone}:1:1: drift: deploy.yaml no longer asks`);
    expect(out).not.toMatch(/mine\.json|azure\.json/);
  });

  it.each(['.github', '.github/workflows', WORKFLOW])(
    'generate writes through no symbolic link at %s',
    async name => {
      const outside = await mkdtemp(path.join(tmpdir(), 'outside-'));
      try {
        const link = path.join(folder, name);
        await mkdir(path.dirname(link), { recursive: true });
        await symlink(outside, link);

        const { code, error } = await generate('--force');

        expect(code).toBe(2);
        expect(error).toContain(`${link} is a symbolic link`);
        expect(await readdir(outside)).toEqual([]);
        expect(await readdir(folder)).not.toContain('docs');
      } finally {
        await rm(outside, { recursive: true });
      }
    },
  );

  it.each([
    [
      'a job that lost its environment',
      '      name: production-issuer\n',
      '      name: somewhere\n',
      'environment.name is "somewhere"',
    ],
    [
      'a lower threshold',
      '--cov-fail-under=79',
      '--cov-fail-under=7',
      '.run is',
    ],
    [
      'another condition',
      '&& !failure() && !cancelled()',
      '&& always()',
      '.if is',
    ],
    [
      'more rights',
      '      contents: read\n',
      '      contents: write\n',
      'permissions.contents is "write"',
    ],
  ])('check finds %s', async (_, from, to, message) => {
    await generate();
    await change(WORKFLOW, from, to);

    const { code, out } = await check();

    expect(code).toBe(1);
    expect(out).toContain(message);
  });

  it('check finds a file that is missing, a script that was changed, and text that is no YAML', async () => {
    await generate();
    await rm(path.join(folder, '.github/deploy/verify-http.sh'));
    await change(
      '.github/deploy/azure-container-app.sh',
      'set -euo pipefail',
      'set -u',
    );
    await writeFile(path.join(folder, WORKFLOW), 'jobs: [\n');

    const { out } = await check('--json');

    expect(JSON.parse(out)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ message: 'the file is not there' }),
        expect.objectContaining({
          file: expect.stringMatching(/azure-container-app\.sh$/),
          message: 'the file is not what deploy.yaml asks for',
        }),
        expect.objectContaining({
          file: expect.stringMatching(/deploy\.yml$/),
          rule: 'drift',
        }),
      ]),
    );
  });

  it('check finds a workflow that a lower safety level no longer allows, and leaves those of others alone', async () => {
    await cp(BROKER, spec);
    await generate();
    await writeFile(
      path.join(folder, '.github/workflows/mine.yml'),
      'name: mine\n',
    );
    await change('deploy.yaml', 'safetyLevel: 4', 'safetyLevel: 3');
    await generate();

    const { code, out } = await check();

    expect(code).toBe(1);
    expect(out).toMatch(/deploy\.yml:1:1: drift: .*it still runs/);
    expect(out).toMatch(/rollback\.yml:1:1: drift: .*it still runs/);
    expect(out).not.toContain('mine.yml');
  });

  it('say that there is no such file', async () => {
    const { code, error } = await call(
      'generate',
      path.join(folder, 'no.yaml'),
      '--out',
      folder,
    );

    expect(code).toBe(2);
    expect(error).toContain('there is no such file');
  });
});
