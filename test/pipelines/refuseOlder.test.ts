import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  startGithubSimulator,
  type GithubSimulator,
  type Outcomes,
} from '../simulators/github/client';
import {
  conclusions,
  expectNoViolations,
  onlyRun,
  RELEASE,
  REPOSITORIES,
  START,
} from '../simulators/github/testing';
import { NEWER, NOW, OLDER } from './commitHistory';
import { ScriptWorld } from './scriptWorld';
import { generateExample, writeRepository } from './specRepository';

jest.setTimeout(240_000);

const DIGEST = `sha256:${'4'.repeat(64)}`;
const imageOf = (commit: string) => `registry.example.test/shop:${commit}`;

const world = new ScriptWorld();

beforeEach(async () => {
  world.asked.length = 0;
  await world.start();
});

afterEach(() => world.stop());

function refuse(
  running: string,
  coming: string,
  environment: Record<string, string> = {},
) {
  return world.run(
    'refuse-older.sh',
    {
      COMING: coming,
      FORCED: 'false',
      WAY_BACK: 'rollback.yml',
      GITHUB_OUTPUT: join(world.folder, 'outputs'),
      ...environment,
    },
    running,
  );
}

const outputs = () =>
  readFile(join(world.folder, 'outputs'), 'utf8').catch(() => '');

describe('refuse-older.sh, by the comparison of GitHub', () => {
  let github: GithubSimulator;
  let older: string;
  let now: string;
  let newer: string;
  let beside: string;

  beforeAll(async () => {
    github = await startGithubSimulator({ start: START });
    await github.createRepository({
      owner: 'example-org',
      name: 'release',
      folder: join(REPOSITORIES, 'release'),
    });
    const push = async (text: string, branch?: string) => {
      const { sha } = await github.push(RELEASE, {
        message: text,
        files: { 'notes.txt': text },
        ...(branch && { branch }),
      });
      return sha;
    };
    older = await push('older');
    beside = await push('beside', 'other');
    now = await push('now');
    newer = await push('newer');
  });

  afterAll(async () => {
    await expectNoViolations(github, 'refuse-older');
    await github.stop();
  });

  const ask = (
    running: string,
    coming: string,
    environment: Record<string, string> = {},
  ) =>
    refuse(running, coming, {
      GITHUB_API_URL: `${github.url}/api/v3`,
      GITHUB_REPOSITORY: RELEASE,
      ...environment,
    });

  it.each([
    ['a commit', () => now],
    ['an image', () => imageOf(now)],
    ['an image with its digest', () => `${imageOf(now)}@${DIGEST}`],
    ['one of several images', () => `${imageOf(older)} ${imageOf(now)}`],
    ['one among other words', () => `None\t2026-01-01T00:00:00Z ${now}\n*`],
  ])('refuses what is older than %s', async (_, running) => {
    const { code, output } = await ask(running(), older);

    expect(code).toBe(1);
    expect(output).toContain(
      `::error title=Older than what runs::${older} is older than ${now}, which runs there`,
    );
    expect(output).toContain(
      'use rollback.yml; or start this workflow by hand',
    );
    expect(await outputs()).toBe('refused=true\n');
  });

  it('lets pass what is newer, and what is the same', async () => {
    for (const coming of [newer, now]) {
      expect(await ask(imageOf(now), coming)).toEqual({ code: 0, output: '' });
    }
    expect(await outputs()).toBe('');
  });

  it('lets pass what is of another branch, and says so', async () => {
    for (const [running, coming] of [
      [now, beside],
      [beside, now],
    ]) {
      const { code, output } = await ask(running, coming);

      expect(code).toBe(0);
      expect(output).toContain(`::notice::${coming} takes the place of`);
    }
  });

  it('lets pass what comes in the place of a commit that nobody knows any more', async () => {
    const { code, output } = await ask(NOW, now);

    expect(code).toBe(0);
    expect(output).toContain(`::warning::GitHub does not know ${NOW}`);
  });

  it('lets pass what somebody started by hand, once', async () => {
    const forced = { FORCED: 'true', GITHUB_RUN_ATTEMPT: '1' };
    const { code, output } = await ask(now, older, forced);

    expect(code).toBe(0);
    expect(output).toContain(`::warning::${older} is older than ${now}`);

    const again = await ask(now, older, { ...forced, GITHUB_RUN_ATTEMPT: '2' });

    expect(again.code).toBe(1);
  });
});

describe('a push whose tests take longer than those of a newer one', () => {
  const PHOENIX = 'example-org/phoenix-orchestrator';
  const REFUSED = { refused: 'true' };
  let github: GithubSimulator;
  let folder: string;

  beforeAll(async () => {
    const { files } = await generateExample('phoenix-orchestrator');
    folder = await writeRepository(files, { 'README.md': '# Phoenix\n' });
    github = await startGithubSimulator({ start: START });
    await github.createRepository({
      owner: 'example-org',
      name: 'phoenix-orchestrator',
      folder,
    });
    await github.push(PHOENIX, {
      message: 'Begin',
      branch: 'staging',
      files: { 'README.md': '# Staging\n' },
    });
  });

  afterAll(async () => {
    await expectNoViolations(github, 'older-job-graph');
    await github.stop();
    await rm(folder, { recursive: true });
  });

  /** The older one waits for its tests until the newer one is there; then it is refused, or fails otherwise. */
  async function overtaken(text: string, outputsOfIt: Record<string, string>) {
    const push = (outcomes: Outcomes) =>
      github.push(PHOENIX, {
        message: text,
        branch: 'staging',
        files: {
          'frontend/src/main.tsx': `// ${text} ${Object.keys(outcomes)}`,
        },
        outcomes,
      });
    const pushed = await push({
      'test-frontend': { hold: true },
      'deploy-frontend': { conclusion: 'failure', outputs: outputsOfIt },
    });
    const older = await onlyRun(github, PHOENIX, pushed);
    const overtaking = await push({});
    const newer = await onlyRun(github, PHOENIX, overtaking);
    const held = older.attempts[0].jobs.find(
      ({ name }) => name === 'test-frontend',
    );
    await github.completeJob(PHOENIX, held?.id ?? 0);
    return {
      shas: { older: pushed.sha, newer: overtaking.sha },
      newer: conclusions(newer),
      older: conclusions(await github.run(PHOENIX, older.id)),
    };
  }

  it('is refused, nothing comes behind it, and somebody is called, since tests of other services wait for it', async () => {
    const { shas, newer, older } = await overtaken('overtaken', REFUSED);

    expect(newer).toMatchObject({
      'deploy-frontend': 'success',
      'load (baseline)': 'success',
    });
    expect(older).toMatchObject({
      'test-frontend': 'success',
      'deploy-frontend': 'failure',
      'report-failure': 'success',
    });
    expect(
      Object.entries(older).filter(
        ([name, conclusion]) => /^load/.test(name) && conclusion !== 'skipped',
      ),
    ).toEqual([]);

    // And just that is what the script says of these two.
    const { code } = await refuse(imageOf(shas.newer), shas.older, {
      GITHUB_API_URL: `${github.url}/api/v3`,
      GITHUB_REPOSITORY: PHOENIX,
    });
    expect(code).toBe(1);
    expect(await outputs()).toBe('refused=true\n');
  });

  it('calls somebody where it fails for another reason', async () => {
    const { older } = await overtaken('broken', {});

    expect(older).toMatchObject({
      'deploy-frontend': 'failure',
      'report-failure': 'success',
    });
  });
});

describe('refuse-older.sh', () => {
  it.each([
    ['has no leave', [403, { message: 'Resource not accessible' }]],
    ['fails', [501, {}]],
    ['answers something else', [200, 'ahead']],
  ] as const)('lets pass, and warns, where GitHub %s', async (_, answer) => {
    world.answer = () => [...answer];

    const { code, output } = await refuse(NOW, NEWER);

    expect(code).toBe(0);
    expect(output).toContain(
      `::warning::GitHub does not say whether ${NEWER} is older than ${NOW}`,
    );
    expect(await outputs()).toBe('');
  });

  it('lets pass, and warns, where nobody answers', async () => {
    const { code, output } = await refuse(NOW, OLDER, {
      // Nobody listens there.
      GITHUB_API_URL: 'http://127.0.0.1:1',
    });

    expect(code).toBe(0);
    expect(output).toContain(
      `::warning::GitHub does not say whether ${OLDER} is older than ${NOW}`,
    );
  });

  it('lets pass, and warns, where what runs tells no commit', async () => {
    const { code, output } = await refuse(
      `${imageOf('v1.2')}\n::error::other`,
      NOW,
    );

    expect(code).toBe(0);
    expect(output).toBe(
      `::warning::What runs there tells no commit, so it may be newer than ${NOW}: ${imageOf(
        'v1.2',
      )} ::error::other\n`,
    );
    expect(world.asked).toEqual([]);
  });

  it('lets the first one pass', async () => {
    expect(await refuse('', NOW)).toEqual({
      code: 0,
      output: 'Nothing runs there yet.\n',
    });
  });

  it('asks nothing where it is told of no commit', async () => {
    expect(await refuse(imageOf(NOW), '', { GITHUB_TOKEN: '' })).toEqual({
      code: 0,
      output: '',
    });
  });

  it('takes nothing but whole commits', async () => {
    const { code, output } = await refuse(NOW, `${OLDER.slice(0, 12)}/../x`);

    expect(code).toBe(1);
    expect(output).toContain('COMING is not a whole commit');
    expect(world.asked).toEqual([]);
  });

  it('sends the token in a header, and has it in no argument', async () => {
    world.answer = () => [200, { status: 'ahead' }];
    const curl = join(world.folder, 'curl');
    await writeFile(
      curl,
      '#!/bin/bash\nprintf "%s\\n" "$@" >"$TMPDIR/arguments"\nPATH=${PATH#*:}\nexec curl "$@"\n',
    );
    await chmod(curl, 0o755);

    const { code } = await refuse(NOW, NEWER, {
      PATH: `${world.folder}:${process.env.PATH}`,
    });

    expect(code).toBe(0);
    expect(world.asked).toMatchObject([
      {
        path: `/repos/example-org/shop/compare/${NOW}...${NEWER}`,
        authorization: 'Bearer token-of-the-job',
      },
    ]);
    expect(
      await readFile(join(world.folder, 'arguments'), 'utf8'),
    ).not.toContain('token-of-the-job');
  });
});
