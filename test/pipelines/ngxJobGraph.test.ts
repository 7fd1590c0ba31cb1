import { rm } from 'node:fs/promises';
import {
  Subject,
  subjectsOf,
} from '@vvp/backstage-plugin-scaffolder-backend-module-deploy';
import { decodeJwt } from 'jose';
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
import { letsIn, TrustPolicy } from './iamPolicy';
import { Generated, generateExample, writeRepository } from './specRepository';

jest.setTimeout(240_000);

const NGX = 'example-org/ngx-voice';
const IMAGE = 'build-ngx-voice-agent-image';

/** What `../shared/pipelines/ngx-voice.md` says of the job graph, asked of the generated workflows. */
describe("NGX Voice's generated pipeline", () => {
  let generated: Generated;
  let folder: string;
  let github: GithubSimulator;

  beforeAll(async () => {
    generated = await generateExample('ngx-voice');
    folder = await writeRepository(generated.files, {
      'src/main.py': 'print()\n',
    });
    github = await startGithubSimulator({ start: START });
    await github.createRepository({
      owner: 'example-org',
      name: 'ngx-voice',
      folder,
    });
  });

  afterAll(async () => {
    await expectNoViolations(github, 'ngx-job-graph');
    await github.stop();
    await rm(folder, { recursive: true });
  });

  const workflow = (name: string) =>
    parse(
      generated.files.find(({ path }) => path.endsWith(`workflows/${name}`))
        ?.content ?? '',
    );

  const ran = (run: RunSummary) =>
    Object.entries(conclusionsBesideReports(run))
      .filter(([, conclusion]) => conclusion !== 'skipped')
      .map(([name, conclusion]) => `${name}: ${conclusion}`);

  /** Ids of the runs of CD that CI started, newest first. */
  async function chained(): Promise<number[]> {
    const response = await fetch(
      `${github.apiUrl}/repos/${NGX}/actions/runs?event=workflow_run`,
    );
    const { workflow_runs: runs } = await response.json();
    return runs.map(({ id }: { id: number }) => id);
  }

  let pushes = 0;
  /** The run of CI, the one of CD that follows, and the commit. */
  async function push(
    options: { branch?: string; outcomes?: Outcomes } = {},
  ): Promise<{ ci: RunSummary; cd?: RunSummary; sha: string }> {
    pushes += 1;
    const before = await chained();
    const started = await github.push(NGX, {
      message: 'Change the agent',
      files: { 'src/main.py': `# ${pushes}\n` },
      ...options,
    });
    const ci = await onlyRun(github, NGX, started);
    const [id] = (await chained()).filter(one => !before.includes(one));
    return {
      ci,
      sha: started.sha,
      ...(id && { cd: await github.run(NGX, id) }),
    };
  }

  async function byHand(
    inputs: Record<string, string>,
    options: { branch?: string; outcomes?: Outcomes } = {},
  ): Promise<RunSummary> {
    const { run } = await github.start(NGX, {
      workflow: 'manual-deploy.yml',
      event: 'workflow_dispatch',
      inputs: { rollback: 'false', ...inputs },
      ...options,
    });
    return github.run(NGX, run);
  }

  it('brings main to staging after CI, loads it there, and then to production', async () => {
    const { cd } = await push();

    expect(cd && ran(cd)).toEqual([
      'release: success',
      `${IMAGE}: success`,
      'deploy-staging: success',
      'load: success',
      'deploy-production: success',
    ]);
    const environments = cd?.attempts[0].jobs
      .filter(({ name }) => name.startsWith('deploy-'))
      .map(({ environment }) => environment);
    expect(environments).toEqual(['staging', 'production']);
  });

  it('releases the commit that CI found good, and not what is newest', () => {
    const { jobs } = workflow('cd.yml');

    expect(jobs.release.outputs.commit).toBe(
      '${{ github.event.workflow_run.head_sha || github.sha }}',
    );
    const { release: _, ...others } = jobs;
    for (const job of Object.values<any>(others)) {
      expect(job.needs).toContain('release');
      expect(JSON.stringify(job)).not.toContain('github.sha');
    }
  });

  it.each(['unit', 'code-security'])(
    'does not release if %s of CI fails',
    async job => {
      const { ci, cd } = await push({
        outcomes: { [job]: { conclusion: 'failure' } },
      });

      expect(conclusions(ci)[job]).toBe('failure');
      expect(cd ? ran(cd) : []).toEqual([]);
    },
  );

  it('checks develop, and releases nothing of it', async () => {
    const { ci, cd } = await push({ branch: 'develop' });

    expect(ran(ci)).toContain('unit: success');
    expect(cd ? ran(cd) : []).toEqual([]);
  });

  it('checks pull requests, and releases nothing of them', async () => {
    const before = await chained();
    const { runs } = await github.openPullRequest(NGX, {
      branch: 'change',
      title: 'Change the agent',
      files: { 'src/main.py': '# proposed\n' },
    });

    expect(ran(await github.run(NGX, runs[0]))).toEqual(
      expect.arrayContaining(['integration: success', 'load-smoke: success']),
    );
    for (const id of (await chained()).filter(one => !before.includes(one))) {
      expect(ran(await github.run(NGX, id))).toEqual([]);
    }
  });

  it.each([
    [IMAGE, ['deploy-staging', 'load', 'deploy-production']],
    ['deploy-staging', ['load', 'deploy-production']],
    ['load', ['deploy-production']],
    ['deploy-production', []],
  ])('goes no further if %s fails, and tells it', async (job, skipped) => {
    const { cd } = await push({
      outcomes: { [job]: { conclusion: 'failure' } },
    });

    const ended = cd ? conclusions(cd) : {};
    expect(ended).toMatchObject({ [job]: 'failure' });
    expect(skipped.map(other => `${other}: ${ended[other]}`)).toEqual(
      skipped.map(other => `${other}: skipped`),
    );
    expect(ended['report-failure']).toBe('success');
  });

  it('shifts the traffic of production alone, and watches it for a quarter of an hour', () => {
    const { jobs } = workflow('cd.yml');
    const settings = (job: string) =>
      jobs[job].steps.find(({ name }: { name: string }) => name === 'Deploy')
        .env;

    expect(settings('deploy-production')).toMatchObject({
      STRATEGY: 'blue-green',
      WATCH_MINUTES: '15',
      IMAGE: `\${{ needs.${IMAGE}.outputs.image }}`,
    });
    expect(settings('deploy-staging')).not.toHaveProperty('STRATEGY');
    expect(settings('deploy-staging')).not.toHaveProperty('WATCH_MINUTES');
    expect(jobs['deploy-production']['timeout-minutes']).toBe(166);
  });

  it('scans and signs an image before it gets its names, and looks at the signature before each deployment', () => {
    const { jobs } = workflow('cd.yml');
    const steps = (job: string): string[] =>
      jobs[job].steps.map(({ name }: { name: string }) => name);
    const order = [
      'Build and push the image',
      'Scan the image',
      'Judge the scan',
      'Sign the image',
      'Name the image',
    ];

    expect(steps(IMAGE).filter(name => order.includes(name))).toEqual(order);
    for (const job of ['deploy-staging', 'deploy-production']) {
      const names = steps(job);
      expect(names.indexOf('Check the signature')).toBeGreaterThan(0);
      expect(names.indexOf('Deploy')).toBeGreaterThan(
        names.indexOf('Check the signature'),
      );
    }
  });

  describe('by hand', () => {
    it.each([
      ['staging', { image_tag: 'v1.2.3' }],
      ['production', { image_tag: 'v1.2.3' }],
      ['production', { rollback: 'true' }],
    ])(
      'brings an image to %s or goes back: %p',
      async (environment, inputs) => {
        const run = await byHand({ environment, ...inputs });

        expect(ran(run)).toEqual([`Deploy to ${environment}: success`]);
        expect(
          run.attempts[0].jobs.find(
            ({ conclusion }) => conclusion === 'success',
          )?.environment,
        ).toBe(environment);
      },
    );

    it('either deploys or goes back', () => {
      for (const { steps } of Object.values<any>(
        workflow('manual-deploy.yml').jobs,
      )) {
        const scripts = steps.filter(({ run = '' }) =>
          run.includes('aws-ecs.sh'),
        );
        expect(scripts.map((step: any) => [step.if, step.run])).toEqual([
          ['!inputs.rollback', '.github/deploy/aws-ecs.sh'],
          ['cancelled()', '.github/deploy/aws-ecs.sh cancelled'],
          ['inputs.rollback', '.github/deploy/aws-ecs.sh back'],
        ]);
      }
    });

    it('does nothing from another branch', async () => {
      const options = { branch: 'develop' };

      expect(
        ran(
          await byHand(
            { environment: 'production', rollback: 'true' },
            options,
          ),
        ),
      ).toEqual([]);
    });

    it('waits for a deployment that is under way', async () => {
      const { cd } = await push({
        outcomes: { 'deploy-production': { hold: true } },
      });
      const back = await byHand({
        environment: 'production',
        rollback: 'true',
      });

      expect(cd && conclusions(cd)['deploy-production']).toBe('in_progress');
      expect(conclusions(back)['Deploy to production']).toBe('queued');

      const held = cd?.attempts[0].jobs.find(
        ({ name }) => name === 'deploy-production',
      );
      await github.completeJob(NGX, held?.id ?? 0);
      expect(ran(await github.run(NGX, back.id))).toEqual([
        'Deploy to production: success',
      ]);
    });
  });

  describe('tokens', () => {
    const roles = ['build', 'deploy-staging', 'deploy-production'];
    let predicted: Subject[];
    let runs: RunSummary[];

    function trustOf(role: string): TrustPolicy {
      const file = generated.files.find(
        ({ path }) => path === `deploy/aws/${role}/trust-policy.json`,
      );
      return JSON.parse(file?.content ?? '');
    }

    async function claimsOf(run: RunSummary, audience = 'sts.amazonaws.com') {
      return Promise.all(
        run.attempts[0].jobs
          .filter(({ conclusion }) => conclusion !== 'skipped')
          .map(async ({ id, name }) => ({
            job: name,
            claims: {
              ...decodeJwt(await github.oidcToken(NGX, id, { audience })),
              // The simulator stands at an address of its own.
              iss: 'https://token.actions.githubusercontent.com',
            },
          })),
      );
    }

    beforeAll(async () => {
      predicted = subjectsOf(generated.plan);
      const { ci, cd } = await push();
      runs = [
        ci,
        ...(cd ? [cd] : []),
        await byHand({ environment: 'staging' }),
        await byHand({ environment: 'production', rollback: 'true' }),
      ];
    });

    it('have the subjects that were predicted, and no others at AWS', async () => {
      const seen = (await Promise.all(runs.map(run => claimsOf(run)))).flat();
      const titles: Record<string, string> = {
        'manual-deploy.yml deploy-staging': 'Deploy to staging',
        'manual-deploy.yml deploy-production': 'Deploy to production',
      };

      expect(
        predicted.map(({ workflow: file, job }) => `${file} ${job}`).sort(),
      ).toEqual([
        `cd.yml ${IMAGE}`,
        'cd.yml deploy-production',
        'cd.yml deploy-staging',
        'manual-deploy.yml deploy-production',
        'manual-deploy.yml deploy-staging',
      ]);
      for (const { workflow: file, job, subject } of predicted) {
        const name = titles[`${file} ${job}`] ?? job;
        const own = seen.filter(one => one.job === name);
        expect(own.length).toBeGreaterThan(0);
        expect(own.map(({ claims }) => claims.sub)).toEqual(
          own.map(() => subject),
        );
      }
    });

    it('are let in by the role of their job, and by no other that deploys', async () => {
      const own: Record<string, string> = {
        'deploy-staging': 'deploy-staging',
        'deploy-production': 'deploy-production',
        'Deploy to staging': 'deploy-staging',
        'Deploy to production': 'deploy-production',
      };
      for (const run of runs) {
        for (const { job, claims } of await claimsOf(run)) {
          const open = roles.filter(role => letsIn(trustOf(role), claims));
          // GitHub's subject does not tell the jobs of one branch apart: all of main's could push an image.
          expect({ job, open }).toEqual({ job, open: [own[job] ?? 'build'] });
        }
      }
    });

    it('of other repositories, branches and audiences are let in by none', async () => {
      const [{ claims }] = (await claimsOf(runs[1])).filter(
        ({ job }) => job === 'deploy-production',
      );
      for (const changed of [
        { aud: 'deploy' },
        { sub: 'repo:example-org/other:environment:production' },
        { sub: 'repo:example-org/ngx-voice:ref:refs/heads/develop' },
        { sub: 'repo:example-org/ngx-voice:pull_request' },
      ]) {
        expect(
          roles.filter(role =>
            letsIn(trustOf(role), { ...claims, ...changed }),
          ),
        ).toEqual([]);
      }
    });

    it('let a build push one image, and nothing else', () => {
      const file = generated.files.find(
        ({ path }) => path === 'deploy/aws/build/permissions.json',
      );
      const { Statement } = JSON.parse(file?.content ?? '');

      expect(
        Statement.map(({ Action, Resource }: any) => [
          [...new Set(Action.map((one: string) => one.split(':')[0]))].join(),
          Resource,
        ]),
      ).toEqual([
        ['ecr', '*'],
        [
          'ecr',
          'arn:aws:ecr:us-east-1:111122223333:repository/ngx-voice-agent',
        ],
      ]);
    });
  });
});
