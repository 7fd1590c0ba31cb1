import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parsePipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import {
  planPipeline,
  Subject,
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
  START,
} from '../simulators/github/testing';
import { letsIn, TrustPolicy } from './iamPolicy';

jest.setTimeout(240_000);

const EXAMPLE = resolve(__dirname, '../../examples/sandbox-broker');
const SANDBOX = 'example-org/sandbox-broker';

const JOBS = {
  test: 'test-sandbox-broker-api: success',
  build: 'build-sandbox-broker-api: success',
  terraform: 'terraform: success',
};

function trustOf(role: string): TrustPolicy {
  const file = join(EXAMPLE, 'deploy/aws', role, 'trust-policy.json');
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** What `../shared/pipelines/sandbox-broker.md` says of the workflows, asked of the generated ones. */
describe("the sandbox broker's generated pipeline", () => {
  let github: GithubSimulator;
  let branches = 0;

  beforeAll(async () => {
    github = await startGithubSimulator({ start: START });
    await github.createRepository({
      owner: 'example-org',
      name: 'sandbox-broker',
      folder: EXAMPLE,
    });
  });

  afterAll(async () => {
    await expectNoViolations(github, 'sandbox-job-graph');
    await github.stop();
  });

  /** Workflow and jobs of all runs that a pull request starts. */
  async function openPullRequest(
    path: string,
    outcomes: Outcomes = {},
  ): Promise<RunSummary[]> {
    branches += 1;
    const { runs } = await github.openPullRequest(SANDBOX, {
      branch: `change-${branches}`,
      title: `Change ${path}`,
      files: { [path]: `# ${branches}\n` },
      outcomes,
    });
    return Promise.all(runs.map(id => github.run(SANDBOX, id)));
  }

  async function startByHand(
    workflow: string,
    inputs: Record<string, string>,
    options: { branch?: string; outcomes?: Outcomes } = {},
  ): Promise<RunSummary> {
    const { run } = await github.start(SANDBOX, {
      workflow,
      event: 'workflow_dispatch',
      inputs,
      ...options,
    });
    return github.run(SANDBOX, run);
  }

  const ran = (...runs: RunSummary[]) =>
    runs
      .flatMap(run => Object.entries(conclusionsBesideReports(run)))
      .filter(([, conclusion]) => conclusion !== 'skipped')
      .map(([name, conclusion]) => `${name}: ${conclusion}`);

  async function claimsOf(run: RunSummary, audience = 'sts.amazonaws.com') {
    return Promise.all(
      run.attempts[0].jobs
        .filter(({ conclusion }) => conclusion !== 'skipped')
        .map(async ({ id, name }) => ({
          job: name,
          claims: {
            ...decodeJwt(await github.oidcToken(SANDBOX, id, { audience })),
            // The simulator stands at an address of its own.
            iss: 'https://token.actions.githubusercontent.com',
          },
        })),
    );
  }

  it('tests every pull request, and does nothing else for most', async () => {
    expect(ran(...(await openPullRequest('app/main.py')))).toEqual([JOBS.test]);
    expect(ran(...(await openPullRequest('README.md')))).toEqual([JOBS.test]);
  });

  it.each(['Dockerfile', 'requirements.txt'])(
    'builds the image of a pull request that changes %s',
    async path => {
      expect(ran(...(await openPullRequest(path))).sort()).toEqual([
        JOBS.build,
        JOBS.test,
      ]);
    },
  );

  it('checks and plans Terraform for a pull request that changes it', async () => {
    expect(
      ran(...(await openPullRequest('terraform/service.tf'))).sort(),
    ).toEqual(['plan: success', JOBS.terraform, JOBS.test]);
  });

  it('plans nothing with an invalid Terraform', async () => {
    const runs = await openPullRequest('terraform/broken.tf', {
      terraform: { conclusion: 'failure' },
    });

    expect(ran(...runs)).toContain('terraform: failure');
    expect(ran(...runs).join()).not.toContain('plan');
  });

  it('deploys nothing by a push', async () => {
    const { runs } = await github.push(SANDBOX, {
      message: 'Change the broker',
      files: { 'app/main.py': '# pushed\n', 'terraform/main.tf': '# pushed\n' },
    });

    expect(runs).toEqual([]);
  });

  it.each([
    ['deploy.yml', 'ROLLBACK'],
    ['deploy.yml', 'yes'],
    ['deploy.yml', 'DEPLOY '],
    ['deploy.yml', ''],
    ['rollback.yml', 'DEPLOY'],
    ['rollback.yml', 'true'],
  ])('runs nothing of %s for the word "%s"', async (workflow, confirm) => {
    const run = await startByHand(workflow, { confirm, task_revision: '1' });

    expect(ran(run)).toEqual([]);
    expect(run.attempts[0].conclusion).toBe('skipped');
  });

  it.each([
    ['the commit', {}],
    ['a version', { version: 'v1.2.0' }],
  ])('deploys %s for the word DEPLOY, after its checks', async (_, inputs) => {
    const run = await startByHand('deploy.yml', {
      confirm: 'DEPLOY',
      ...inputs,
    });

    expect(ran(run)).toEqual([
      JOBS.test,
      JOBS.build,
      JOBS.terraform,
      'deploy: success',
    ]);
    const deployed = run.attempts[0].jobs.find(({ name }) => name === 'deploy');
    expect(deployed?.environment).toBe('production');
  });

  it.each(['test-sandbox-broker-api', 'build-sandbox-broker-api', 'terraform'])(
    'does not deploy if %s fails',
    async job => {
      const run = await startByHand(
        'deploy.yml',
        { confirm: 'DEPLOY' },
        { outcomes: { [job]: { conclusion: 'failure' } } },
      );

      expect(conclusions(run)).toMatchObject({
        [job]: 'failure',
        deploy: 'skipped',
      });
    },
  );

  it('deploys and rolls back from main alone', async () => {
    await github.push(SANDBOX, {
      message: 'Try something',
      branch: 'try',
      files: { 'app/try.py': 'print()\n' },
    });
    const options = { branch: 'try' };

    expect(
      ran(await startByHand('deploy.yml', { confirm: 'DEPLOY' }, options)),
    ).toEqual([]);
    expect(
      ran(await startByHand('rollback.yml', { confirm: 'ROLLBACK' }, options)),
    ).toEqual([]);
  });

  it('rolls back for the word ROLLBACK, and not beside a deployment', async () => {
    const deploying = await startByHand(
      'deploy.yml',
      { confirm: 'DEPLOY' },
      { outcomes: { deploy: { hold: true } } },
    );
    const rolling = await startByHand('rollback.yml', {
      confirm: 'ROLLBACK',
      task_revision: '6',
    });
    expect(conclusions(deploying).deploy).toBe('in_progress');
    expect(conclusions(rolling).rollback).not.toBe('success');

    const held = deploying.attempts[0].jobs.find(
      ({ name }) => name === 'deploy',
    );
    await github.completeJob(SANDBOX, held?.id ?? 0);

    expect(ran(await github.run(SANDBOX, rolling.id))).toEqual([
      'rollback: success',
    ]);
  });

  describe('tokens', () => {
    let predicted: Subject[];
    let byHand: RunSummary[];
    let ofPullRequest: RunSummary[];

    beforeAll(async () => {
      const parsed = parsePipelineSpec(
        readFileSync(join(EXAMPLE, 'deploy.yaml'), 'utf8'),
      );
      const planned = parsed.ok ? planPipeline(parsed.spec) : undefined;
      predicted = planned && 'plan' in planned ? subjectsOf(planned.plan) : [];
      byHand = [
        await startByHand('deploy.yml', { confirm: 'DEPLOY' }),
        await startByHand('rollback.yml', { confirm: 'ROLLBACK' }),
      ];
      ofPullRequest = await openPullRequest('terraform/token.tf');
    });

    it('have the subjects that were predicted', async () => {
      const seen = (
        await Promise.all(
          [...byHand, ...ofPullRequest].map(run => claimsOf(run)),
        )
      ).flat();

      expect(
        predicted.map(({ job, cloud }) => `${job} ${cloud}`).sort(),
      ).toEqual(['deploy aws', 'plan aws', 'rollback aws']);
      for (const { job, subject } of predicted) {
        const own = seen.filter(one => one.job === job);
        expect(own.length).toBeGreaterThan(0);
        for (const { claims } of own) {
          expect(claims.sub).toBe(subject);
        }
      }
    });

    it('are let in by the role of their job, and by no other', async () => {
      const roles: Record<string, string[]> = {
        deploy: ['deploy-production'],
        rollback: ['deploy-production'],
        plan: ['plan'],
      };
      for (const run of [...byHand, ...ofPullRequest]) {
        for (const { job, claims } of await claimsOf(run)) {
          const open = ['deploy-production', 'plan'].filter(role =>
            letsIn(trustOf(role), claims),
          );
          // GitHub's subject does not tell the jobs of a pull request apart: all of them could read.
          const wanted =
            roles[job] ?? (run.event === 'pull_request' ? ['plan'] : []);
          expect({ job, open }).toEqual({ job, open: wanted });
        }
      }
    });

    it('are let in for AWS alone, and of this repository alone', async () => {
      const deployed = await claimsOf(byHand[0], 'deploy');
      const [own] = (await claimsOf(byHand[0])).filter(
        ({ job }) => job === 'deploy',
      );
      const trust = trustOf('deploy-production');

      expect(letsIn(trust, own.claims)).toBe(true);
      for (const { claims } of deployed) {
        expect(letsIn(trust, claims)).toBe(false);
      }
      for (const sub of [
        `${own.claims.sub}-2`,
        'repo:example-org/other:environment:production',
        'repo:example-org/sandbox-broker:ref:refs/heads/main',
        'repo:example-org/sandbox-broker:pull_request',
      ]) {
        expect(letsIn(trust, { ...own.claims, sub })).toBe(false);
      }
    });
  });
});

/** What the roles may do once they are let in. */
describe('the permissions of the roles', () => {
  function actionsOf(role: string): {
    Action: string[];
    Resource: string | string[];
    Condition?: object;
  }[] {
    const file = join(EXAMPLE, 'deploy/aws', role, 'permissions.json');
    return JSON.parse(readFileSync(file, 'utf8')).Statement;
  }

  it('let the plan read and nothing else', () => {
    for (const action of actionsOf('plan').flatMap(({ Action }) => Action)) {
      expect(action).toMatch(/^[a-z0-9-]+:(Describe|Get|List)[A-Za-z]*\*?$/);
    }
  });

  it('let the deployment change one service, push to one repository and pass the named roles', () => {
    const statements = actionsOf('deploy-production');
    const resourceOf = (action: string) =>
      statements.find(({ Action }) => Action.includes(action))?.Resource;

    expect(resourceOf('ecs:UpdateService')).toMatch(
      /:<account>:service\/sandbox-broker-cluster\/sandbox-broker-api$/,
    );
    expect(
      statements.find(({ Action }) => Action.includes('ecs:UntagResource')),
    ).toMatchObject({
      Resource: expect.stringMatching(
        /:<account>:task-definition\/sandbox-broker-api:\*$/,
      ),
      Condition: {
        'ForAllValues:StringEquals': { 'aws:TagKeys': ['deploy-unverified'] },
      },
    });
    expect(resourceOf('ecr:PutImage')).toMatch(
      /:<account>:repository\/sandbox-broker-api$/,
    );
    expect(
      statements.find(({ Action }) => Action.includes('iam:PassRole')),
    ).toMatchObject({
      Resource: [expect.stringMatching(/:role\/ecsTaskExecutionRole$/)],
      Condition: {
        StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      },
    });
    expect(
      statements
        .filter(({ Resource }) => Resource === '*')
        .flatMap(({ Action }) => Action),
    ).toEqual([
      'ecr:GetAuthorizationToken',
      'ecs:DescribeTaskDefinition',
      'ecs:ListTaskDefinitions',
      'ecs:RegisterTaskDefinition',
    ]);
  });
});
