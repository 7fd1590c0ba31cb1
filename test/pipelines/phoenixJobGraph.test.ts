import { rm } from 'node:fs/promises';
import { subjectsOf } from '@vvp/backstage-plugin-scaffolder-backend-module-deploy';
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
import { letsIn } from './iamPolicy';
import { Generated, generateExample, writeRepository } from './specRepository';

jest.setTimeout(240_000);

const PHOENIX = 'example-org/phoenix-orchestrator';

const SERVICES = [
  'orchestrator-service-rs',
  'data-router-rs',
  'llm-service-rs',
  'tools-service-rs',
  'frontend',
];
const PRODUCTION = 'deploy-production.yml';

/** What `../shared/pipelines/phoenix-orchestrator.md` says of the deployments, asked of the generated workflows. */
describe("Phoenix Orchestrator's generated pipeline", () => {
  let generated: Generated;
  let folder: string;
  let github: GithubSimulator;

  beforeAll(async () => {
    generated = await generateExample('phoenix-orchestrator');
    folder = await writeRepository(generated.files, {
      'README.md': '# Phoenix\n',
    });
    github = await startGithubSimulator({ start: START });
    await github.createRepository({
      owner: 'example-org',
      name: 'phoenix-orchestrator',
      folder,
    });
  });

  afterAll(async () => {
    await expectNoViolations(github, 'phoenix-job-graph');
    await github.stop();
    await rm(folder, { recursive: true });
  });

  function workflow(name: string): any {
    const found = generated.files.find(({ path }) => path.endsWith(`/${name}`));
    return parse(found?.content ?? '');
  }

  function push(
    branch: string,
    changed: Record<string, string>,
    outcomes?: Outcomes,
  ) {
    return github.push(PHOENIX, {
      message: `Change ${Object.keys(changed)}`,
      branch,
      files: changed,
      outcomes,
    });
  }

  async function start(
    file: string,
    inputs: Record<string, string>,
    options: { branch?: string; outcomes?: Outcomes } = {},
  ): Promise<RunSummary> {
    const { on } = workflow(file);
    // As GitHub fills them in.
    const defaults = Object.entries<{ default?: unknown }>(
      on.workflow_dispatch.inputs,
    ).map(([name, input]) => [name, String(input.default ?? '')]);
    const { run } = await github.start(PHOENIX, {
      workflow: file,
      event: 'workflow_dispatch',
      inputs: { ...Object.fromEntries(defaults), ...inputs },
      ...options,
    });
    return github.run(PHOENIX, run);
  }

  const ran = (run: RunSummary, prefix = '') =>
    Object.entries(conclusionsBesideReports(run))
      .filter(
        ([name, conclusion]) =>
          conclusion !== 'skipped' && name.startsWith(prefix),
      )
      .map(([name, conclusion]) => `${name}: ${conclusion}`)
      .sort();

  const all = (verb: string) =>
    SERVICES.map(service => `${verb}-${service}: success`).sort();

  it.each([
    ['develop', 'Deploy to Development', 'development'],
    ['staging', 'Deploy to Staging', 'staging'],
  ])(
    'deploys what changed on %s, and nothing else',
    async (branch, title, environment) => {
      await push(branch, { 'README.md': branch });
      const run = await onlyRun(
        github,
        PHOENIX,
        await push(branch, { 'data-router-rs/src/main.rs': `// ${branch}\n` }),
      );

      expect(run.workflow).toBe(title);
      expect(ran(run, 'deploy-')).toEqual(['deploy-data-router-rs: success']);
      expect(ran(run, 'rollback-')).toEqual([]);
      const [job] = run.attempts[0].jobs.filter(({ name }) =>
        name.startsWith('deploy-data-router'),
      );
      expect(job.environment).toBe(`${environment}-data-router-rs`);
    },
  );

  it('deploys all services that share a file once it changes', async () => {
    const run = await onlyRun(
      github,
      PHOENIX,
      await push('develop', { 'Cargo.lock': '# newer\n' }),
    );

    expect(ran(run, 'deploy-')).toEqual(
      all('deploy').filter(job => !job.includes('frontend')),
    );
  });

  it('starts nothing for a push to main, nor to elsewhere', async () => {
    const started = [
      await push('main', { 'frontend/src/main.tsx': '// main\n' }),
      await push('feature/x', { 'frontend/src/main.tsx': '// x\n' }),
    ];

    expect(started.flatMap(({ runs }) => runs)).toEqual([]);
  });

  it('deploys all services of a version to production, by canaries', async () => {
    const run = await onlyRun(
      github,
      PHOENIX,
      await github.pushTag(PHOENIX, { tag: 'v1.2.3' }),
    );

    expect(run.workflow).toBe('Deploy to Production');
    expect(ran(run, 'deploy-')).toEqual(all('deploy'));
    expect(ran(run, 'rollback-')).toEqual([]);
    for (const service of SERVICES) {
      const { steps } = workflow(PRODUCTION).jobs[`deploy-${service}`];
      const deploy = steps.find(
        ({ name }: { name: string }) => name === 'Deploy',
      );
      expect(deploy.env).toMatchObject({
        CANARY_PERCENT: "${{ inputs.deploy_percentage || '10' }}",
        CANARY_MINUTES: '5',
        CANARY_MAX_ERRORS: '5',
        CANARY_LOG_ENTRIES: '100',
      });
    }
  });

  it('checks the signature of the release before all else', async () => {
    const { runs } = await github.pushTag(PHOENIX, {
      tag: 'v1.2.4',
      outcomes: { release: { conclusion: 'failure' } },
    });

    expect(ran(await github.run(PHOENIX, runs[0]))).toEqual([
      'release: failure',
      'report-failure: success',
    ]);
    expect(
      workflow(PRODUCTION).jobs.release.steps.map(({ run = '' }) => run),
    ).toContain('.github/deploy/verify-tag.sh');
  });

  it('takes an image that another of its workflows built of the same commit, and nobody else', () => {
    const { steps } = workflow(PRODUCTION).jobs['deploy-frontend'];
    const check = steps.find(({ name }: { name: string }) =>
      name.startsWith('Check the signature'),
    );
    const identity = new RegExp(check.env.IDENTITY);
    const signer = (of: string) =>
      `https://github.com/${PHOENIX}/.github/workflows/${of}`;

    for (const good of [
      'deploy-staging.yml@refs/heads/staging',
      'deploy-production.yml@refs/tags/v1.2.3',
    ]) {
      expect(signer(good)).toMatch(identity);
    }
    for (const bad of [
      'deploy-staging.yml@refs/heads/feature/x',
      'pr-validation.yml@refs/heads/main',
    ]) {
      expect(signer(bad)).not.toMatch(identity);
    }
  });

  it('deploys no service whose image cannot be built, and the others', async () => {
    const run = await start(
      'deploy-staging.yml',
      {},
      {
        branch: 'staging',
        outcomes: { 'build-frontend-image': { conclusion: 'failure' } },
      },
    );

    expect(ran(run, 'deploy-')).toEqual(
      all('deploy').filter(job => !job.includes('frontend')),
    );
    expect(conclusions(run)['deploy-frontend']).toBe('skipped');
  });

  it('deploys one service for whoever names it', async () => {
    const run = await start(PRODUCTION, {
      specific_service: 'llm-service-rs',
      deploy_percentage: '20',
    });

    expect(ran(run, 'deploy-')).toEqual(['deploy-llm-service-rs: success']);
  });

  it('only rolls back for whoever asks for that', async () => {
    const every = await start(PRODUCTION, { rollback: 'true' });

    expect(ran(every)).toEqual(all('rollback'));

    const one = await start(PRODUCTION, {
      rollback: 'true',
      specific_service: 'frontend',
    });

    expect(ran(one)).toEqual(['rollback-frontend: success']);
  });

  it('neither deploys to nor rolls back production from another branch', async () => {
    for (const rollback of ['true', 'false']) {
      expect(
        ran(await start(PRODUCTION, { rollback }, { branch: 'develop' })),
      ).toEqual([]);
    }
  });

  it('rolls nothing back beside a deployment of the same service', async () => {
    const deploying = await start(
      PRODUCTION,
      { specific_service: 'frontend' },
      { outcomes: { 'deploy-frontend': { hold: true } } },
    );
    const rolling = await start(PRODUCTION, {
      rollback: 'true',
      specific_service: 'frontend',
    });
    expect(conclusions(deploying)['deploy-frontend']).toBe('in_progress');
    expect(conclusions(rolling)['rollback-frontend']).not.toBe('success');

    const held = deploying.attempts[0].jobs.find(
      ({ name }) => name === 'deploy-frontend',
    );
    await github.completeJob(PHOENIX, held?.id ?? 0);

    expect(ran(await github.run(PHOENIX, rolling.id))).toEqual([
      'rollback-frontend: success',
    ]);
  });

  it('checks every pull request to main, and deploys nothing by it', async () => {
    const { runs } = await github.openPullRequest(PHOENIX, {
      branch: 'proposal',
      title: 'Change the router',
      files: { 'data-router-rs/src/main.rs': '// proposed\n' },
    });

    expect(runs).toHaveLength(1);
    expect(ran(await github.run(PHOENIX, runs[0]))).toEqual(
      [
        ...all('check'),
        'commit-messages: success',
        'dependencies: success',
        'secrets: success',
      ].sort(),
    );
  });

  it('tests before it deploys to staging, and under load behind', async () => {
    const options = { branch: 'staging' };
    const good = await start(
      'deploy-staging.yml',
      { specific_service: 'frontend' },
      options,
    );
    expect(ran(good)).toEqual([
      'build-frontend-image: success',
      'changes: success',
      'deploy-frontend: success',
      'integration: success',
      'load (baseline): success',
      'load (stress): success',
      'load (user-journey): success',
      'test-frontend: success',
    ]);

    const bad = await start(
      'deploy-staging.yml',
      { specific_service: 'frontend' },
      { ...options, outcomes: { integration: { conclusion: 'failure' } } },
    );
    expect(ran(bad, 'deploy-')).toEqual([]);
    expect(ran(bad, 'load')).toEqual([]);
    expect(ran(bad, 'report-failure')).toEqual(['report-failure: success']);
  });

  it('hands over what each load test measured, although one failed and one ran out of time', async () => {
    const run = await start(
      'deploy-staging.yml',
      { specific_service: 'frontend' },
      {
        branch: 'staging',
        outcomes: {
          'load (stress)': { conclusion: 'failure' },
          'load (baseline)': { conclusion: 'cancelled' },
        },
      },
    );

    expect(conclusions(run)).toMatchObject({
      'load (stress)': 'failure',
      'load-report (stress)': 'success',
      'load-report (user-journey)': 'success',
      'integration-report': 'success',
      'test-data-router-rs-report': 'skipped',
    });
  });

  it.each([
    ['all', ['baseline', 'stress', 'user-journey']],
    ['stress', ['stress']],
  ])(
    'measures %s for whoever asks, and opens an issue',
    async (scenario, ones) => {
      const run = await start(
        'performance-benchmark.yml',
        { scenario },
        { outcomes: { 'benchmark-stress': { conclusion: 'failure' } } },
      );

      expect(ran(run)).toEqual(
        [
          ...ones.map(
            one =>
              `benchmark-${one}: ${one === 'stress' ? 'failure' : 'success'}`,
          ),
          'benchmark-stress-issue: success',
        ].sort(),
      );
    },
  );

  it('scans every night', async () => {
    const { run } = await github.start(PHOENIX, {
      workflow: 'security-scan.yml',
      event: 'schedule',
    });

    expect(ran(await github.run(PHOENIX, run))).toEqual([
      'codeql-frontend: success',
      'codeql: success',
      'dependencies-daily: success',
      'images: success',
      'secrets-daily: success',
    ]);
  });

  it('has every token let in by the role of its job alone', async () => {
    const predicted = subjectsOf(generated.plan);
    const runs = [
      await start(PRODUCTION, { specific_service: 'llm-service-rs' }),
      await start(PRODUCTION, { rollback: 'true' }),
      await start('deploy-dev.yml', {}, { branch: 'develop' }),
    ];
    const roles = generated.files
      .filter(({ path }) => path.endsWith('/trust-policy.json'))
      .map(({ path, content }) => ({
        role: path.split('/').at(-2),
        trust: JSON.parse(content),
      }));
    expect(roles).toHaveLength(15);
    let seen = 0;
    for (const run of runs) {
      for (const { id, name, environment, conclusion } of run.attempts[0]
        .jobs) {
        if (conclusion === 'skipped' || !/^(deploy|rollback)-/.test(name)) {
          continue;
        }
        seen += 1;
        const token = await github.oidcToken(PHOENIX, id, {
          audience: 'sts.amazonaws.com',
        });
        const claims = {
          ...decodeJwt(token),
          // The simulator stands at an address of its own.
          iss: 'https://token.actions.githubusercontent.com',
        };
        expect(predicted).toContainEqual(
          expect.objectContaining({ job: name, subject: claims.sub }),
        );
        expect(
          roles
            .filter(({ trust }) => letsIn(trust, claims))
            .map(({ role }) => role),
        ).toEqual([`deploy-${environment}`]);
      }
    }
    expect(seen).toBe(1 + 5 + 5);
  });

  it('lets each role find its cluster and read the secrets of its service, and nothing else', () => {
    const statements = generated.files
      .filter(({ path }) => path.endsWith('/permissions.json'))
      .map(({ path, content }) => [
        path.split('/').at(-2),
        JSON.parse(content).Statement.flatMap(
          ({ Action, Resource }: Record<string, string | string[]>) =>
            [Resource].flat().map(one => `${Action} ${one}`),
        ),
      ]);

    expect(Object.fromEntries(statements)).toMatchObject({
      'deploy-production-llm-service-rs': [
        'eks:DescribeCluster arn:aws:eks:eu-central-1:<account>:cluster/phoenix-production',
        'secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-central-1:<account>:secret:phoenix/production/llm-??????',
      ],
      'deploy-development-frontend': [
        'eks:DescribeCluster arn:aws:eks:eu-central-1:<account>:cluster/phoenix-dev',
      ],
    });
  });
});
