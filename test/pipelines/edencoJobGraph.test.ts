import { rm } from 'node:fs/promises';
import {
  checkInputs,
  readDispatchTrigger,
} from '@vvp/backstage-plugin-deploy-backend/src/workflows/dispatchInputs';
import { subjectsOf } from '@vvp/backstage-plugin-scaffolder-backend-module-deploy';
import { parse } from 'yaml';
import {
  startGithubSimulator,
  type GithubSimulator,
  type Outcomes,
  type RunSummary,
} from '../simulators/github/client';
import {
  conclusions,
  conclusionsBesideReports,
  expectNoViolations,
  onlyRun,
  START,
} from '../simulators/github/testing';
import { Generated, generateExample, writeRepository } from './specRepository';

jest.setTimeout(240_000);

const EDENCO = 'example-org/edenco';

const CHECKS = [
  'test-backend: success',
  'test-frontend: success',
  'containers: success',
  'quality-backend: success',
  'quality-frontend: success',
];
const IMAGES = [
  'build-backend-image: success',
  'build-frontend-image: success',
];

/** What `../shared/pipelines/edenco.md` says of the job graph, asked of the generated workflows. */
describe("Edenco's generated pipeline", () => {
  let generated: Generated;
  let folder: string;
  let github: GithubSimulator;

  beforeAll(async () => {
    generated = await generateExample('edenco');
    folder = await writeRepository(generated.files, {
      'README.md': '# Edenco\n',
      'backend/main.py': 'print()\n',
    });
    github = await startGithubSimulator({ start: START });
    await github.createRepository({
      owner: 'example-org',
      name: 'edenco',
      folder,
    });
  });

  afterAll(async () => {
    await expectNoViolations(github, 'edenco-job-graph');
    await github.stop();
    await rm(folder, { recursive: true });
  });

  const workflowText = (name: string) =>
    generated.files.find(({ path }) => path.endsWith(`workflows/${name}`))
      ?.content ?? '';

  const jobsOf = () =>
    ['ci-cd.yml', 'deploy-release.yml'].flatMap(name =>
      Object.entries<any>(parse(workflowText(name)).jobs).map(([key, job]) => ({
        key,
        job,
      })),
    );

  const ran = (run: RunSummary) =>
    Object.entries(conclusionsBesideReports(run))
      .filter(([, conclusion]) => conclusion !== 'skipped')
      .map(([name, conclusion]) => `${name}: ${conclusion}`);

  let pushes = 0;
  async function push(
    path: string,
    options: { branch?: string; outcomes?: Outcomes } = {},
  ): Promise<RunSummary> {
    pushes += 1;
    const started = await github.push(EDENCO, {
      message: `Change ${path}`,
      files: { [path]: `# ${pushes}\n` },
      ...options,
    });
    return onlyRun(github, EDENCO, started);
  }

  async function bringBack(
    inputs: Record<string, string>,
    options: { branch?: string; outcomes?: Outcomes } = {},
  ): Promise<RunSummary> {
    const { run } = await github.start(EDENCO, {
      workflow: 'deploy-release.yml',
      event: 'workflow_dispatch',
      inputs: { commit: 'c'.repeat(40), ...inputs },
      ...options,
    });
    return github.run(EDENCO, run);
  }

  it('trusts no cloud, and needs none', () => {
    expect(subjectsOf(generated.plan)).toEqual([]);
    expect(
      generated.files.filter(({ path }) => path.startsWith('deploy/')),
    ).toEqual([]);
  });

  it('gives a deployment no token but one that reads the images', () => {
    const deployments = jobsOf().filter(({ key }) =>
      /^(deploy|bring-back)-/.test(key),
    );

    expect(deployments).toHaveLength(6);
    for (const { job } of deployments) {
      expect(job.permissions).toEqual({ contents: 'read', packages: 'read' });
      expect(job['timeout-minutes']).toBe(45);
      expect(job.concurrency).toEqual({
        group: `deploy-${job.environment.name}`,
        'cancel-in-progress': false,
        queue: 'max',
      });
    }
  });

  it('brings main to staging, tests it there, and then to production', async () => {
    expect(ran(await push('backend/main.py')).sort()).toEqual(
      [
        'changes: success',
        ...CHECKS,
        ...IMAGES,
        'deploy-staging: success',
        'e2e: success',
        'deploy-production: success',
      ].sort(),
    );
  });

  it('brings both services if only one changed, with the images of one commit', async () => {
    expect(ran(await push('frontend/src/main.tsx'))).toEqual(
      expect.arrayContaining([...IMAGES, 'deploy-production: success']),
    );
  });

  it('brings a feature to staging and no further', async () => {
    const names = ran(
      await push('backend/feature.py', { branch: 'feature/login' }),
    );

    expect(names).toEqual(
      expect.arrayContaining(['deploy-staging: success', 'e2e: success']),
    );
    expect(names.join()).not.toContain('deploy-production');
  });

  it('deploys nothing of other branches', async () => {
    const { runs } = await github.push(EDENCO, {
      message: 'Try something',
      branch: 'try',
      files: { 'backend/try.py': 'print()\n' },
    });

    expect(runs).toEqual([]);
  });

  it('builds no image of a pull request and deploys nothing of it', async () => {
    const { runs } = await github.openPullRequest(EDENCO, {
      branch: 'change-backend',
      title: 'Change the backend',
      files: { 'backend/proposed.py': 'print()\n' },
    });

    expect(runs).toHaveLength(1);
    expect(ran(await github.run(EDENCO, runs[0])).sort()).toEqual(
      ['changes: success', ...CHECKS].sort(),
    );
  });

  it.each([
    [
      'test-backend',
      ['build-backend-image', 'deploy-staging', 'deploy-production'],
    ],
    ['build-frontend-image', ['deploy-staging', 'deploy-production']],
    ['deploy-staging', ['e2e', 'deploy-production']],
    ['containers', ['deploy-staging', 'deploy-production']],
    ['quality-backend', ['deploy-staging', 'deploy-production']],
    ['quality-frontend', ['deploy-staging', 'deploy-production']],
    ['e2e', ['deploy-production']],
    ['deploy-production', []],
  ])('goes no further if %s fails', async (job, skipped) => {
    const run = conclusions(
      await push('backend/broken.py', {
        outcomes: { [job]: { conclusion: 'failure' } },
      }),
    );

    expect(run[job]).toBe('failure');
    expect(run['report-failure']).toBe('success');
    for (const other of skipped) {
      expect({ other, conclusion: run[other] }).toEqual({
        other,
        conclusion: 'skipped',
      });
    }
  });

  it('has one deployment to an environment at a time, also on the way back', async () => {
    const deploying = await push('backend/serial.py', {
      outcomes: { 'deploy-staging': { hold: true } },
    });
    const back = await bringBack({
      environment: 'staging',
      service: 'backend',
    });

    expect(conclusions(deploying)['deploy-staging']).toBe('in_progress');
    expect(conclusions(back)['bring-back-backend-staging']).toBe('queued');

    const held = deploying.attempts[0].jobs.find(
      ({ name }) => name === 'deploy-staging',
    );
    await github.completeJob(EDENCO, held?.id ?? 0);
    expect(ran(await github.run(EDENCO, back.id))).toEqual([
      'bring-back-backend-staging: success',
    ]);
  });

  it.each([
    ['staging', 'backend'],
    ['staging', 'frontend'],
    ['production', 'backend'],
    ['production', 'frontend'],
  ])('brings back, in %s, the %s alone', async (environment, service) => {
    const run = await bringBack({ environment, service });

    expect(ran(run)).toEqual([`bring-back-${service}-${environment}: success`]);
    expect(
      run.attempts[0].jobs.find(({ conclusion }) => conclusion === 'success')
        ?.environment,
    ).toBe(environment);
  });

  it('brings nothing back to production from another branch', async () => {
    const run = await bringBack(
      { environment: 'production', service: 'backend' },
      { branch: 'feature/login' },
    );

    expect(ran(run)).toEqual([]);
  });

  it('can be started by every target of the portal, which finds the run again', () => {
    const targets = generated.spec.services.flatMap(({ environments }) =>
      environments.flatMap(({ target }) => target ?? []),
    );

    expect(targets).toHaveLength(4);
    for (const target of targets) {
      if (target.type !== 'github-workflow') {
        throw new Error(`There is a target of the type ${target.type}.`);
      }
      const trigger = readDispatchTrigger(workflowText(target.workflow));
      expect(trigger?.tellsCorrelation).toBe(true);
      expect(
        checkInputs(trigger?.inputs ?? {}, {
          ...(target.inputs as Record<string, string>),
          [target.releaseInput ?? '']: 'c'.repeat(40),
          correlation: 'deploy-1234',
        }),
      ).toEqual([]);
    }
  });

  it('gives secrets to the steps that work on the machine, and to no script', () => {
    const jobs = jobsOf();
    const steps = jobs.flatMap(({ job }): any[] => job.steps);
    const withSecrets = steps.filter(step =>
      JSON.stringify(step).includes('secrets.'),
    );

    expect(withSecrets.length).toBeGreaterThan(6);
    for (const { run, uses } of withSecrets) {
      expect(run ?? uses).toMatch(
        /^(\.github\/deploy\/compose-ssh\.sh|tailscale\/github-action@)/,
      );
    }
    expect(
      JSON.stringify([
        jobs.map(({ job }) => job.env ?? {}),
        steps.map(({ run = '' }) => run),
      ]),
    ).not.toMatch(/secrets\.|\$\{\{/);
  });
});
