import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parsePipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import {
  planPipeline,
  subjectsOf,
} from '@vvp/backstage-plugin-scaffolder-backend-module-deploy';
import { decodeJwt } from 'jose';
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
  VVP,
} from '../simulators/github/testing';

jest.setTimeout(240_000);

const EXAMPLE = resolve(__dirname, '../../examples/vvp');

const DEPLOYMENTS = [
  'deploy-verifier',
  'deploy-issuer',
  'deploy-sip-redirect',
  'deploy-sip-verify',
  'deploy-pbx-config',
];

/** What `../shared/pipelines/vvp.md` says of the job graph, asked of the generated workflow. */
describe("VVP's generated pipeline", () => {
  let github: GithubSimulator;

  beforeAll(async () => {
    github = await startGithubSimulator({ start: START });
    await github.createRepository({
      owner: 'example-org',
      name: 'vvp',
      folder: EXAMPLE,
    });
  });

  afterAll(async () => {
    await expectNoViolations(github, 'vvp-job-graph');
    await github.stop();
  });

  async function push(
    path: string,
    outcomes: Outcomes = {},
  ): Promise<RunSummary> {
    const started = await github.push(VVP, {
      message: `Change ${path}`,
      files: { [path]: `${path} ${Math.random()}\n` },
      outcomes,
    });
    return onlyRun(github, VVP, started);
  }

  async function startByHand(
    force: string,
    branch?: string,
  ): Promise<RunSummary> {
    const { run } = await github.start(VVP, {
      workflow: 'deploy.yml',
      event: 'workflow_dispatch',
      inputs: { force },
      ...(branch && { branch }),
    });
    return github.run(VVP, run);
  }

  function idOf(run: RunSummary, job: string): number {
    return run.attempts[0].jobs.find(({ name }) => name === job)?.id ?? 0;
  }

  const ran = (run: RunSummary) =>
    Object.entries(conclusionsBesideReports(run))
      .filter(([, conclusion]) => conclusion !== 'skipped')
      .map(([name, conclusion]) => `${name}: ${conclusion}`);

  it('deploys SIP verify alone when only that changed, although what comes before it was skipped', async () => {
    expect(ran(await push('services/sip-verify/app/new.py'))).toEqual([
      'changes: success',
      'test-sip-verify: success',
      'deploy-sip-verify: success',
    ]);
  });

  it('deploys every service that shares common/ when that changed, and tests them together', async () => {
    const names = ran(await push('common/vvp_common/new.py'));

    expect(names).toEqual(
      expect.arrayContaining([
        'deploy-verifier: success',
        'deploy-issuer: success',
        'deploy-sip-redirect: success',
        'deploy-sip-verify: success',
        'post-deployment-tests: success',
      ]),
    );
    expect(names).not.toContain('deploy-pbx-config: success');
    expect(names).not.toContain('build-witness-image: success');
  });

  it('stops the queue of the machine behind a deployment that failed, and nothing else', async () => {
    const run = conclusions(
      await push('common/vvp_common/broken.py', {
        'deploy-sip-redirect': { conclusion: 'failure' },
      }),
    );

    expect(run).toMatchObject({
      'deploy-sip-redirect': 'failure',
      'deploy-sip-verify': 'skipped',
      'deploy-pbx-config': 'skipped',
      'deploy-verifier': 'success',
      'deploy-issuer': 'success',
      'post-deployment-tests': 'success',
    });
  });

  it('has one job at a time on the machine, in a run and across runs', async () => {
    const first = await push('common/vvp_common/serial.py', {
      'deploy-sip-redirect': { hold: true },
    });
    const second = await push('services/sip-verify/app/meanwhile.py');
    const third = await push('services/pbx/config/public-sip.xml');

    expect(conclusions(first)).toMatchObject({
      'deploy-sip-redirect': 'in_progress',
      'deploy-verifier': 'success',
    });
    expect(conclusions(first)).not.toHaveProperty('deploy-sip-verify');
    expect(conclusions(second)['deploy-sip-verify']).toBe('queued');

    await github.completeJob(VVP, idOf(first, 'deploy-sip-redirect'));

    const after = async ({ id }: RunSummary) =>
      conclusions(await github.run(VVP, id));
    expect(await after(first)).toMatchObject({
      'deploy-sip-redirect': 'success',
      'deploy-sip-verify': 'success',
    });
    // A newer run does not push another one's deployment out of the queue.
    expect((await after(second))['deploy-sip-verify']).toBe('success');
    expect((await after(third))['deploy-pbx-config']).toBe('success');
  });

  it('tests what counts for the witnesses, builds their image once, deploys three, and looks at them', async () => {
    expect(ran(await push('services/witness/witness.py'))).toEqual([
      'changes: success',
      'test-verifier: success',
      'test-issuer: success',
      'build-witness-image: success',
      'deploy-witnesses (wan): success',
      'deploy-witnesses (wil): success',
      'deploy-witnesses (wes): success',
      'verify-witnesses: success',
    ]);
  });

  it('goes on with the other witnesses when one fails, and does not call them verified', async () => {
    const run = conclusions(
      await push('services/witness/one.py', {
        'deploy-witnesses (wil)': { conclusion: 'failure' },
      }),
    );

    expect(run).toMatchObject({
      'deploy-witnesses (wan)': 'success',
      'deploy-witnesses (wil)': 'failure',
      'deploy-witnesses (wes)': 'success',
      'verify-witnesses': 'skipped',
    });
  });

  it('hands over the reports of tests that succeed, and no deployment waits for that', async () => {
    const run = conclusions(
      await push('services/sip-verify/app/reported.py', {
        'test-sip-verify-report': { hold: true },
      }),
    );

    expect(run).toMatchObject({
      'test-sip-verify': 'success',
      'test-sip-verify-report': 'in_progress',
      'deploy-sip-verify': 'success',
      'test-issuer-report': 'skipped',
    });
  });

  it.each([
    ['failure', 'success'],
    ['cancelled', 'skipped'],
  ] as const)(
    'has the reports of tests that end with %s: %s',
    async (conclusion, reported) => {
      const run = conclusions(
        await push(`services/sip-verify/app/${conclusion}.py`, {
          'test-sip-verify': { conclusion },
        }),
      );

      expect(run).toMatchObject({
        'test-sip-verify': conclusion,
        'test-sip-verify-report': reported,
      });
    },
  );

  it('deploys all the same where reports could not be handed over', async () => {
    const run = conclusions(
      await push('services/sip-verify/app/unreported.py', {
        'test-sip-verify-report': { conclusion: 'failure' },
      }),
    );

    expect(run['deploy-sip-verify']).toBe('success');
  });

  it('does not deploy what its tests refuse', async () => {
    const run = conclusions(
      await push('services/issuer/app/bad.py', {
        'test-issuer': { conclusion: 'failure' },
      }),
    );

    expect(run).toMatchObject({
      'test-issuer': 'failure',
      'deploy-issuer': 'skipped',
      'post-deployment-tests': 'skipped',
    });
  });

  it('tests the deployed services together only if the verifier or the issuer came', async () => {
    const run = conclusions(await push('services/pbx/config/public-sip.xml'));

    expect(run['deploy-pbx-config']).toBe('success');
    expect(run['post-deployment-tests']).toBe('skipped');
  });

  it('does nothing when nothing relevant changed', async () => {
    const run = conclusions(await push('README.md'));

    expect(
      Object.entries(run).filter(([, conclusion]) => conclusion !== 'skipped'),
    ).toEqual([['changes', 'success']]);
  });

  it.each([
    ['all', [...DEPLOYMENTS, 'deploy-witnesses (wan)'], []],
    ['issuer', ['deploy-issuer'], ['deploy-verifier', 'deploy-pbx-config']],
    ['nothing', [], DEPLOYMENTS],
  ])(
    'deploys by hand: %s',
    async (force, deployed: string[], others: string[]) => {
      await push('README.md');
      const run = conclusions(await startByHand(force));

      for (const job of deployed) {
        expect(run[job]).toBe('success');
      }
      for (const job of others) {
        expect(run[job]).toBe('skipped');
      }
    },
  );

  it('deploys nothing from another branch, however it is started', async () => {
    await github.push(VVP, {
      message: 'Try something',
      branch: 'try',
      files: { 'services/issuer/app/try.py': 'print()\n' },
    });
    const run = conclusions(await startByHand('all', 'try'));

    expect(new Set(Object.values(run))).toEqual(new Set(['skipped']));
  });

  it('has tokens with the subjects that the cloud is told to trust', async () => {
    const parsed = parsePipelineSpec(
      readFileSync(join(EXAMPLE, 'deploy.yaml'), 'utf8'),
    );
    const planned = parsed.ok ? planPipeline(parsed.spec) : undefined;
    const predicted =
      planned && 'plan' in planned ? subjectsOf(planned.plan) : [];
    const deploying = await startByHand('all');
    const { run } = await github.start(VVP, {
      workflow: 'integration-tests.yml',
      event: 'schedule',
    });
    const testing = await github.run(VVP, run);
    const seen = await Promise.all(
      [deploying, testing]
        .flatMap(one => one.attempts[0].jobs)
        .map(async ({ id, name }) => ({
          // A leg of a matrix is a job of its own.
          job: name.replace(/ \(.*/, ''),
          subject: String(
            decodeJwt(
              await github.oidcToken(VVP, id, {
                audience: 'api://AzureADTokenExchange',
              }),
            ).sub,
          ),
        })),
    );

    expect(predicted.length).toBeGreaterThan(8);
    for (const { job, subject } of predicted) {
      expect(seen).toContainEqual({ job, subject });
    }
    // And no job that logs in has a token of another subject.
    const jobs = new Set(predicted.map(({ job }) => job));
    for (const one of seen.filter(({ job }) => jobs.has(job))) {
      expect(predicted).toContainEqual(expect.objectContaining(one));
    }
  });
});
