import { mockServices } from '@backstage/backend-test-utils';
import { ScmIntegrations } from '@backstage/integration';
import { createGithubEnvironmentsAction } from '@vvp/backstage-plugin-scaffolder-backend-module-deploy';
import { JsonObject } from '@backstage/types';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GithubSimulator,
  startGithubSimulator,
} from '../simulators/github/client';
import {
  expectNoViolations,
  REPOSITORIES,
  START,
  TOKEN,
  TOKENS,
} from '../simulators/github/testing';
import { runAction } from './actionContext';

jest.setTimeout(240_000);

describe('deploy:github:environments', () => {
  let simulator: GithubSimulator;
  let repository: string;
  let count = 0;

  beforeAll(async () => {
    simulator = await startGithubSimulator({ start: START, tokens: TOKENS });
  });

  beforeEach(async () => {
    count += 1;
    const created = await simulator.createRepository({
      owner: 'example-org',
      name: `protected-${count}`,
      folder: join(REPOSITORIES, 'release'),
      author: 'dana',
    });
    repository = created.fullName;
  });

  afterAll(async () => {
    await expectNoViolations(simulator, 'github-environments');
    await simulator.stop();
  });

  function run(
    input: Record<string, any>,
    options: { isDryRun?: boolean; token?: string; signal?: AbortSignal } = {},
  ) {
    const { host } = new URL(simulator.url);
    const { token = TOKEN, ...rest } = options;
    const integrations = ScmIntegrations.fromConfig(
      mockServices.rootConfig({
        data: {
          integrations: {
            github: [{ host, apiBaseUrl: simulator.apiUrl, token }],
          },
        },
      }),
    );
    const [owner, repo] = repository.split('/');
    return runAction(createGithubEnvironmentsAction({ integrations }), {
      workspacePath: tmpdir(),
      input: { repoUrl: `${host}?owner=${owner}&repo=${repo}`, ...input },
      ...rest,
    });
  }

  async function ask(path: string, name = 'production') {
    const answer = await simulator.rest(
      'GET',
      `/repos/${repository}/environments/${name}${path}`,
      { token: TOKEN },
    );
    return { status: answer.status, body: answer.json<any>() };
  }

  async function calls(): Promise<Record<string, number>> {
    return (await simulator.validation()).rest;
  }

  const ALL = {
    environments: ['production', 'production-issuer'],
    users: ['dana'],
    teams: ['platform-team'],
    waitMinutes: 10,
    preventSelfReview: true,
    branches: ['main', 'release/*'],
    protectionRuleApp: 'deploy-portal',
  };

  it('creates environments with everything that holds them', async () => {
    const { output, checkpoints } = await run(ALL);

    expect(output.changes).toEqual(
      ALL.environments.flatMap(name => [
        `${name} is created`,
        `${name} waits 10 minutes`,
        `${name} has 2 reviewers`,
        `${name} takes no review by who started the run`,
        `${name} takes certain branches and tags only`,
        `${name} takes the branch main`,
        `${name} takes the branch release/*`,
        `${name} is held by the app deploy-portal`,
      ]),
    );
    expect(checkpoints).toHaveLength(8);
    const { body } = await ask('');
    expect(body.deployment_branch_policy).toEqual({
      protected_branches: false,
      custom_branch_policies: true,
    });
    expect(
      body.protection_rules.map(({ type }: { type: string }) => type),
    ).toEqual(['wait_timer', 'required_reviewers', 'branch_policy']);
    expect((await ask('/deployment_protection_rules')).body).toMatchObject({
      custom_deployment_protection_rules: [{ app: { slug: 'deploy-portal' } }],
    });
  });

  it('changes nothing a second time', async () => {
    await run(ALL);
    const before = await calls();

    const { output, checkpoints, log } = await run(ALL);

    expect(output.changes).toEqual([]);
    expect(checkpoints).toEqual([]);
    expect(log).toEqual(['Every environment was as it should be']);
    const after = await calls();
    for (const operation of [
      'repos/create-or-update-environment',
      'repos/create-deployment-branch-policy',
      'repos/create-deployment-protection-rule',
    ]) {
      expect(after[operation]).toBe(before[operation]);
    }
  });

  it('leaves as it was what nobody asks for', async () => {
    await run({ ...ALL, environments: ['production'] });

    const { output } = await run({
      environments: ['production'],
      waitMinutes: 0,
    });

    expect(output.changes).toEqual(['production waits 0 minutes']);
    const { body } = await ask('');
    expect(body.protection_rules).toMatchObject([
      {
        type: 'required_reviewers',
        prevent_self_review: true,
        reviewers: [
          { type: 'User', reviewer: { login: 'dana' } },
          { type: 'Team', reviewer: { slug: 'platform-team' } },
        ],
      },
      { type: 'branch_policy' },
    ]);
    expect((await ask('/deployment-branch-policies')).body).toMatchObject({
      branch_policies: [{ name: 'main' }, { name: 'release/*' }],
    });
  });

  it('takes branches away that are no longer named, and all of them for an empty list', async () => {
    await run({ ...ALL, environments: ['production'] });

    const fewer = await run({
      environments: ['production'],
      branches: ['main'],
    });
    const any = await run({ environments: ['production'], branches: [] });

    expect(fewer.output.changes).toEqual([
      'production no longer takes the branch release/*',
    ]);
    expect(any.output.changes).toEqual(['production takes any branch and tag']);
    expect((await ask('')).body.deployment_branch_policy).toBeNull();
  });

  it('keeps the tags that may deploy, unless others are named', async () => {
    const only = (input: JsonObject) =>
      run({ environments: ['production'], ...input });
    await only({ branches: ['main'], tags: ['v*'] });

    const branches = await only({ branches: ['main', 'hotfix/*'] });
    const tags = await only({ tags: ['release-*'] });

    expect(branches.output.changes).toEqual([
      'production takes the branch hotfix/*',
    ]);
    expect(tags.output.changes).toEqual([
      'production takes the tag release-*',
      'production no longer takes the tag v*',
    ]);
    expect((await ask('/deployment-branch-policies')).body).toMatchObject({
      branch_policies: [
        { name: 'main', type: 'branch' },
        { name: 'hotfix/*', type: 'branch' },
        { name: 'release-*', type: 'tag' },
      ],
    });
  });

  it('takes names with a slash, as GitHub does', async () => {
    await run({ environments: ['production/eu'], waitMinutes: 1 });

    const { status } = await ask('', 'production%2Feu');
    expect(status).toBe(200);
  });

  it('only says what it would do in a dry run', async () => {
    const { output, log } = await run(
      { ...ALL, environments: ['staging'] },
      { isDryRun: true },
    );

    expect(output.changes).toContain(
      'staging is held by the app deploy-portal',
    );
    expect(log).toContain('Would do: staging is created');
    expect((await ask('', 'staging')).status).toBe(404);
  });

  it.each([
    [{ users: ['nobody'] }, 'users: GitHub knows no person "nobody"'],
    [{ teams: ['no-team'] }, 'teams: GitHub knows no team "no-team"'],
    [
      { protectionRuleApp: 'no-app' },
      'protectionRuleApp: no app "no-app" offers a deployment protection rule',
    ],
    [
      { repoUrl: 'elsewhere.example.test?owner=a&repo=b' },
      'elsewhere.example.test',
    ],
  ])('names the field that is wrong: %j', async (input, message) => {
    await expect(
      run({ environments: ['production'], ...input }),
    ).rejects.toThrow(message);
  });

  it('says what the token lacks, and never the token', async () => {
    await simulator.failRest('repos/create-or-update-environment', {
      status: 403,
      message: 'Resource not accessible by integration',
    });

    const refused: Error = await run({
      environments: ['production'],
      waitMinutes: 1,
    }).then(
      () => new Error('nothing was refused'),
      error => error,
    );

    expect(refused.message).toContain(
      'may the token of the integration administer it?',
    );
    expect(refused.message).not.toContain(TOKEN);
  });

  it('ends when the task is cancelled', async () => {
    const cancel = new AbortController();
    cancel.abort();

    await expect(
      run({ environments: ['production'] }, { signal: cancel.signal }),
    ).rejects.toThrow(/abort/i);
    expect((await ask('')).status).toBe(404);
  });
});
