import { join } from 'node:path';
import { startGithubSimulator, type GithubSimulator } from './client';
import {
  APP_TOKEN,
  conclusions,
  eventsOf,
  expectNoViolations,
  onlyRun,
  REPOSITORIES,
  START,
  TOKEN,
  TOKENS,
} from './testing';

jest.setTimeout(240_000);

interface RunList {
  workflow_runs: Array<{ id: number; name: string; event: string }>;
}

interface RulePayload {
  environment: string;
  deployment_callback_url: string;
  deployment: { id: number };
}

describe('environments, protection and chains', () => {
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
      name: `release-${count}`,
      folder: join(REPOSITORIES, 'release'),
    });
    repository = created.fullName;
  });

  afterAll(async () => {
    await expectNoViolations(simulator, 'environments');
    await simulator.stop();
  });

  /** Pushes to main and gives the id of the CD run that CI starts. */
  async function deploy(): Promise<number> {
    await simulator.push(repository, {
      message: 'Release',
      files: { 'README.md': `${count} deploy\n` },
    });
    const answer = await simulator.rest(
      'GET',
      `/repos/${repository}/actions/runs?event=workflow_run`,
    );
    return answer.json<RunList>().workflow_runs[0].id;
  }

  async function rulePayload(): Promise<RulePayload> {
    const deliveries = await simulator.deliveries();
    const asked = deliveries.find(
      delivery =>
        delivery.event === 'deployment_protection_rule' &&
        delivery.repository === repository,
    );
    const { payload } = await simulator.delivery(asked?.id ?? 0);
    return payload as unknown as RulePayload;
  }

  function answerRule(runId: number, state: 'approved' | 'rejected') {
    return simulator.rest(
      'POST',
      `/repos/${repository}/actions/runs/${runId}/deployment_protection_rule`,
      {
        token: APP_TOKEN,
        body: { environment_name: 'production', state, comment: 'decided' },
      },
    );
  }

  it('starts CD when CI has ended well, and deploys to both environments', async () => {
    const id = await deploy();

    const run = await simulator.run(repository, id);
    expect(run).toMatchObject({ workflow: 'CD', event: 'workflow_run' });
    expect(conclusions(run)).toEqual({
      staging: 'success',
      production: 'success',
      notify: 'success',
    });
    const statuses = await deploymentStates('staging');
    expect(statuses).toEqual(['success', 'in_progress', 'queued']);
  });

  it('starts CD when CI has failed, whose condition then skips it', async () => {
    const { runs } = await simulator.push(repository, {
      message: 'Broken',
      files: { 'README.md': 'broken\n' },
      outcomes: { 'build (macos-latest, 22)': { conclusion: 'failure' } },
    });
    const ci = await simulator.run(repository, runs[0]);
    expect(ci.attempts[0].conclusion).toBe('failure');

    const answer = await simulator.rest(
      'GET',
      `/repos/${repository}/actions/runs?event=workflow_run`,
    );
    const run = await simulator.run(
      repository,
      answer.json<RunList>().workflow_runs[0].id,
    );
    expect(conclusions(run)).toEqual({
      staging: 'skipped',
      production: 'skipped',
      notify: 'success',
    });
  });

  it('waits for a custom protection rule and goes on when it is approved', async () => {
    await simulator.setEnvironment(repository, 'production', {
      customRule: true,
    });
    const id = await deploy();
    expect(conclusions(await simulator.run(repository, id))).toEqual({
      staging: 'success',
      production: 'waiting',
    });
    const payload = await rulePayload();
    expect(payload.environment).toBe('production');
    expect(payload.deployment_callback_url).toBe(
      `${simulator.apiUrl}/repos/${repository}/actions/runs/${id}/deployment_protection_rule`,
    );

    const answer = await answerRule(id, 'approved');

    expect(answer.status).toBe(204);
    const run = await simulator.run(repository, id);
    expect(conclusions(run)).toMatchObject({
      production: 'success',
      notify: 'success',
    });
    expect(await deploymentStates('production')).toEqual([
      'success',
      'in_progress',
      'queued',
      'pending',
    ]);
    const events = await eventsOf(simulator, repository);
    expect(events).toContain('workflow_job.waiting');
    expect((await answerRule(id, 'approved')).status).toBe(422);
  });

  it('fails the job when its rule is rejected', async () => {
    await simulator.setEnvironment(repository, 'production', {
      customRule: true,
    });
    const id = await deploy();

    await answerRule(id, 'rejected');

    const run = await simulator.run(repository, id);
    expect(conclusions(run)).toEqual({
      staging: 'success',
      production: 'failure',
      notify: 'success',
    });
    expect(run.attempts[0].conclusion).toBe('failure');
  });

  it('answers every job of a run that waits for the same environment', async () => {
    for (const service of ['api', 'web']) {
      await simulator.setEnvironment(repository, `${service}-production`, {
        customRule: true,
      });
    }
    const { runs } = await simulator.pushTag(repository, {
      tag: 'v1.0.0',
      outcomes: { plan: { outputs: { services: '["api","web"]' } } },
    });
    const ask = (environment: string) =>
      simulator.rest(
        'POST',
        `/repos/${repository}/actions/runs/${runs[0]}/deployment_protection_rule`,
        {
          token: APP_TOKEN,
          body: {
            environment_name: environment,
            state: 'approved',
            comment: '',
          },
        },
      );

    await ask('api-production');
    const between = conclusions(await simulator.run(repository, runs[0]));
    await ask('web-production');

    expect(between).toMatchObject({
      'Deploy api': 'success',
      'Deploy web': 'waiting',
    });
    expect(conclusions(await simulator.run(repository, runs[0]))).toMatchObject(
      {
        'Deploy web': 'success',
      },
    );
  });

  it('lets a named reviewer, and nobody else, review what waits', async () => {
    const { id: environmentId } = await simulator.setEnvironment(
      repository,
      'production',
      { reviewers: ['omar'] },
    );
    const id = await deploy();
    const path = `/repos/${repository}/actions/runs/${id}/pending_deployments`;
    const review = (token: string) =>
      simulator.rest('POST', path, {
        token,
        body: {
          environment_ids: [environmentId],
          state: 'approved',
          comment: 'fine',
        },
      });
    const pending = await simulator.rest('GET', path);
    expect(pending.json<unknown[]>()).toHaveLength(1);

    expect((await review(TOKEN)).status).toBe(422);
    expect((await review('omar-token')).status).toBe(200);

    expect(conclusions(await simulator.run(repository, id))).toMatchObject({
      production: 'success',
    });
    const approvals = await simulator.rest(
      'GET',
      `/repos/${repository}/actions/runs/${id}/approvals`,
    );
    expect(approvals.json()).toMatchObject([
      { state: 'approved', user: { login: 'omar' }, comment: 'fine' },
    ]);
  });

  it('lets nobody review the run that they started, where that is prevented', async () => {
    const { id: environmentId } = await simulator.setEnvironment(
      repository,
      'production',
      { reviewers: ['omar', 'dana'], preventSelfReview: true },
    );
    const id = await deploy();
    const path = `/repos/${repository}/actions/runs/${id}`;
    const run = await simulator.rest('GET', path);
    const { login } = run.json<{ triggering_actor: { login: string } }>()
      .triggering_actor;
    const review = (token: string) =>
      simulator.rest('POST', `${path}/pending_deployments`, {
        token,
        body: {
          environment_ids: [environmentId],
          state: 'approved',
          comment: 'fine',
        },
      });

    expect(login).toBe('dana');
    expect((await review('dana-token')).status).toBe(422);
    expect((await review('omar-token')).status).toBe(200);
  });

  it('says of a cancelled job’s deployment that it failed, as GitHub does', async () => {
    await simulator.setOutcomes(repository, { staging: { hold: true } });
    const id = await deploy();

    await simulator.rest(
      'POST',
      `/repos/${repository}/actions/runs/${id}/cancel`,
      { token: TOKEN },
    );

    expect(conclusions(await simulator.run(repository, id)).staging).toBe(
      'cancelled',
    );
    expect((await deploymentStates('staging'))[0]).toBe('failure');
  });

  it('marks what worked before as inactive', async () => {
    await deploy();
    await simulator.push(repository, {
      message: 'Next',
      files: { 'README.md': 'next\n' },
    });

    const answer = await simulator.rest(
      'GET',
      `/repos/${repository}/deployments?environment=production`,
    );
    const [newer, older] = answer.json<Array<{ id: number }>>();
    expect((await statesOf(newer.id))[0]).toBe('success');
    expect((await statesOf(older.id))[0]).toBe('inactive');
  });

  it('dispatches a workflow with and without details, and refuses wrong inputs', async () => {
    await simulator.setOutcomes(repository, {
      plan: { outputs: { services: '["api"]' } },
    });
    const dispatch = (body: object) =>
      simulator.rest(
        'POST',
        `/repos/${repository}/actions/workflows/deploy-tag.yml/dispatches`,
        { token: TOKEN, body },
      );

    const plain = await dispatch({ ref: 'main', inputs: { target: 'blue' } });
    const detailed = await dispatch({
      ref: 'main',
      inputs: { target: 'green' },
      return_run_details: true,
    });

    expect(plain.status).toBe(204);
    expect(detailed.status).toBe(200);
    const { workflow_run_id: id } = detailed.json<{
      workflow_run_id: number;
    }>();
    expect(await simulator.run(repository, id)).toMatchObject({
      event: 'workflow_dispatch',
    });
    expect((await dispatch({ ref: 'main' })).status).toBe(422);
    expect(
      (await dispatch({ ref: 'main', inputs: { target: 'red' } })).status,
    ).toBe(422);
    expect(
      (await dispatch({ ref: 'nowhere', inputs: { target: 'blue' } })).status,
    ).toBe(422);
  });

  it('takes deployments and statuses from other deployers', async () => {
    const created = await simulator.rest(
      'POST',
      `/repos/${repository}/deployments`,
      { token: TOKEN, body: { ref: 'main', environment: 'preview' } },
    );
    const { id } = created.json<{ id: number }>();
    const status = await simulator.rest(
      'POST',
      `/repos/${repository}/deployments/${id}/statuses`,
      {
        token: TOKEN,
        body: {
          state: 'success',
          environment_url: 'https://preview.example.test',
        },
      },
    );

    expect([created.status, status.status]).toEqual([201, 201]);
    expect(await statesOf(id)).toEqual(['success']);
    expect(await eventsOf(simulator, repository)).toEqual([
      'deployment.created',
      'deployment_status.created',
    ]);
  });

  it('runs a pull request’s workflow with its number and head', async () => {
    const opened = await simulator.openPullRequest(repository, {
      branch: 'feature/one',
      title: 'Add one',
      files: { 'one.txt': 'one\n' },
    });
    const run = await onlyRun(simulator, repository, opened);
    expect(run).toMatchObject({
      event: 'pull_request',
      headBranch: 'feature/one',
      headSha: opened.sha,
    });

    const merged = await simulator.mergePullRequest(repository, opened.number);

    const pulls = await simulator.rest(
      'GET',
      `/repos/${repository}/commits/${merged.sha}/pulls`,
    );
    expect(pulls.json()).toMatchObject([
      { number: opened.number, merge_commit_sha: merged.sha },
    ]);
  });

  async function statesOf(deploymentId: number): Promise<string[]> {
    const answer = await simulator.rest(
      'GET',
      `/repos/${repository}/deployments/${deploymentId}/statuses`,
    );
    return answer.json<Array<{ state: string }>>().map(({ state }) => state);
  }

  async function deploymentStates(environment: string): Promise<string[]> {
    const answer = await simulator.rest(
      'GET',
      `/repos/${repository}/deployments?environment=${environment}`,
    );
    return statesOf(answer.json<Array<{ id: number }>>()[0].id);
  }
});
