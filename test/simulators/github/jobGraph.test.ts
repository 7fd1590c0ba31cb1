import {
  startGithubSimulator,
  type GithubSimulator,
  type Outcomes,
} from './client';
import {
  conclusions,
  eventsOf,
  expectNoViolations,
  onlyRun,
  RELEASE,
  REPOSITORIES,
  START,
  VVP,
} from './testing';

jest.setTimeout(240_000);

const DEPLOY_JOBS = [
  'deploy-issuer',
  'deploy-sip-redirect',
  'deploy-sip-verify',
  'deploy-pbx-config',
];

describe('the job graph of a workflow', () => {
  let simulator: GithubSimulator;

  beforeAll(async () => {
    simulator = await startGithubSimulator({
      examples: REPOSITORIES,
      start: START,
    });
  });

  afterAll(async () => {
    await expectNoViolations(simulator, 'job-graph');
    await simulator.stop();
  });

  function push(path: string, outcomes: Outcomes = {}) {
    return simulator.push(VVP, {
      message: `Change ${path}`,
      files: { [path]: `${path} ${Object.keys(outcomes).join()}\n` },
      outcomes,
    });
  }

  it('deploys the verifier alone when only the verifier changed', async () => {
    const run = await onlyRun(
      simulator,
      VVP,
      await push('services/verifier/app/new.py'),
    );

    const jobs = conclusions(run);
    expect(jobs).toMatchObject({
      changes: 'success',
      'test-verifier': 'success',
      'deploy-verifier': 'success',
      'post-deployment-tests': 'success',
      'test-issuer': 'skipped',
      'build-witness-image': 'skipped',
      'deploy-witnesses': 'skipped',
      'verify-witnesses': 'skipped',
    });
    for (const job of DEPLOY_JOBS) expect(jobs[job]).toBe('skipped');
    expect(run.attempts[0]).toMatchObject({
      status: 'completed',
      conclusion: 'success',
    });
  });

  it('runs a job after a skipped predecessor that says !failure()', async () => {
    const run = await onlyRun(
      simulator,
      VVP,
      await push('services/pbx/config/dialplan.xml'),
    );

    expect(conclusions(run)).toMatchObject({
      'deploy-sip-redirect': 'skipped',
      'deploy-sip-verify': 'skipped',
      'deploy-pbx-config': 'success',
    });
  });

  it('blocks the jobs behind one that failed', async () => {
    const run = await onlyRun(
      simulator,
      VVP,
      await push('common/vvp/settings.py', {
        'deploy-sip-redirect': { conclusion: 'failure' },
      }),
    );

    expect(conclusions(run)).toMatchObject({
      'deploy-verifier': 'success',
      'deploy-sip-redirect': 'failure',
      'deploy-sip-verify': 'skipped',
      'deploy-pbx-config': 'skipped',
      'post-deployment-tests': 'success',
    });
    expect(run.attempts[0].conclusion).toBe('failure');
  });

  it('names the legs of a matrix as GitHub does and keeps others going without fail-fast', async () => {
    const run = await onlyRun(
      simulator,
      VVP,
      await push('services/witness/Dockerfile', {
        'deploy-witnesses (wil, vvp-witness2)': { conclusion: 'failure' },
      }),
    );

    expect(conclusions(run)).toMatchObject({
      'deploy-witnesses (wan, vvp-witness1)': 'success',
      'deploy-witnesses (wil, vvp-witness2)': 'failure',
      'deploy-witnesses (wes, vvp-witness3)': 'success',
      'verify-witnesses': 'skipped',
    });
  });

  it('forms a matrix of axes without what is excluded', async () => {
    const { runs } = await simulator.push(RELEASE, {
      message: 'Build',
      branch: 'release/1.0',
      files: { 'README.md': 'matrix\n' },
    });

    const jobs = conclusions(await simulator.run(RELEASE, runs[0]));
    expect(Object.keys(jobs)).toEqual([
      'build (ubuntu-latest, 20)',
      'build (ubuntu-latest, 22)',
      'build (macos-latest, 22)',
    ]);
  });

  it('forms a matrix of a job’s output, cancels the legs of a failed one, and evaluates names', async () => {
    const started = await simulator.pushTag(RELEASE, {
      tag: 'v1.0.0',
      outcomes: {
        plan: { outputs: { services: '["api","web"]' } },
        'Deploy api': { conclusion: 'failure', durationSeconds: 10 },
        'Deploy web': { durationSeconds: 500 },
      },
    });

    const run = await onlyRun(simulator, RELEASE, started);
    expect(conclusions(run)).toEqual({
      plan: 'success',
      'Deploy api': 'failure',
      'Deploy web': 'cancelled',
    });
    expect(run.attempts[0].jobs[1].environment).toBe('api-production');
    const { body } = await restRun(run.id);
    expect(body.display_title).toBe('Deploy v1.0.0 by dana');
  });

  it('starts by path filter, schedule and dispatch what listens to them', async () => {
    const tests = await push('tests/integration/test_call.py');
    const nightly = await simulator.start(VVP, {
      workflow: 'integration-tests.yml',
      event: 'schedule',
    });
    const local = await simulator.start(VVP, {
      workflow: 'integration-tests.yml',
      event: 'workflow_dispatch',
      inputs: { mode: 'local' },
    });

    expect(tests.runs).toHaveLength(2);
    expect(conclusions(await simulator.run(VVP, nightly.run))).toEqual({
      'integration-local': 'success',
      'integration-azure': 'success',
    });
    expect(conclusions(await simulator.run(VVP, local.run))).toEqual({
      'integration-local': 'success',
      'integration-azure': 'skipped',
    });
  });

  it('sends the events of a run in GitHub’s order, a skipped job as completed alone', async () => {
    const before = (await eventsOf(simulator, VVP)).length;
    await push('services/verifier/app/order.py');

    const events = (await eventsOf(simulator, VVP)).slice(before);
    expect(events.slice(0, 5)).toEqual([
      'push',
      'workflow_run.requested',
      'workflow_job.queued',
      'workflow_run.in_progress',
      'workflow_job.in_progress',
    ]);
    expect(events[events.length - 1]).toBe('workflow_run.completed');
    expect(
      events.filter(event => event === 'workflow_job.queued'),
    ).toHaveLength(4);
    expect(
      events.filter(event => event === 'workflow_job.completed'),
    ).toHaveLength(14);
  });

  it('cancels a run: what runs stops, what waits is skipped', async () => {
    const { runs } = await push('services/issuer/app/cancelled.py', {
      'test-issuer': { hold: true },
    });
    expect(conclusions(await simulator.run(VVP, runs[0]))['test-issuer']).toBe(
      'in_progress',
    );

    const answer = await simulator.rest(
      'POST',
      `/repos/${VVP}/actions/runs/${runs[0]}/cancel`,
      { token: 'any' },
    );

    expect(answer.status).toBe(202);
    const run = await simulator.run(VVP, runs[0]);
    expect(run.attempts[0].conclusion).toBe('cancelled');
    expect(conclusions(run)['test-issuer']).toBe('cancelled');
    const again = await simulator.rest(
      'POST',
      `/repos/${VVP}/actions/runs/${runs[0]}/cancel`,
      { token: 'any' },
    );
    expect(again.status).toBe(409);
  });

  it('lets go on what says !failure() when a run is cancelled, unless by force', async () => {
    const outcomes: Outcomes = { 'deploy-issuer': { hold: true } };
    const plain = await push('services/issuer/app/plain.py', outcomes);
    const forced = await push('services/issuer/app/forced.py', outcomes);
    const stop = (id: number, how: string) =>
      simulator.rest('POST', `/repos/${VVP}/actions/runs/${id}/${how}`, {
        token: 'any',
      });

    await stop(plain.runs[0], 'cancel');
    await stop(forced.runs[0], 'force-cancel');

    const [first, second] = await Promise.all([
      simulator.run(VVP, plain.runs[0]),
      simulator.run(VVP, forced.runs[0]),
    ]);
    expect(conclusions(first)['deploy-issuer']).toBe('in_progress');
    expect(conclusions(second)).toMatchObject({
      'deploy-issuer': 'cancelled',
      'post-deployment-tests': 'skipped',
    });
    expect(second.attempts[0].conclusion).toBe('cancelled');
  });

  it('runs one after the other what max-parallel or a job’s concurrency group holds back', async () => {
    const { run: id } = await simulator.start(RELEASE, {
      workflow: 'serial.yml',
      event: 'workflow_dispatch',
    });

    const answer = await simulator.rest(
      'GET',
      `/repos/${RELEASE}/actions/runs/${id}/jobs`,
    );
    const { jobs } = answer.json<{
      jobs: Array<{ name: string; started_at: string; completed_at: string }>;
    }>();
    const job = (name: string) => {
      const found = jobs.find(one => one.name === name);
      if (!found) throw new Error(`No job ${name}`);
      return found;
    };
    expect(
      job('legs (second)').started_at >= job('legs (first)').completed_at,
    ).toBe(true);
    expect(
      job('legs (third)').started_at >= job('legs (second)').completed_at,
    ).toBe(true);
    expect(job('two').started_at >= job('one').completed_at).toBe(true);
    const summary = await simulator.run(RELEASE, id);
    expect(conclusions(summary).broken).toBe('failure');
  });

  it('repeats failed jobs as attempt 2 with new job ids', async () => {
    const { runs } = await push('services/sip-redirect/app/again.py', {
      'deploy-sip-redirect': { conclusion: 'failure' },
    });
    const first = await simulator.run(VVP, runs[0]);

    const answer = await simulator.rest(
      'POST',
      `/repos/${VVP}/actions/runs/${runs[0]}/rerun-failed-jobs`,
      { token: 'any' },
    );

    expect(answer.status).toBe(201);
    const run = await simulator.run(VVP, runs[0]);
    expect(run.attempts.map(attempt => attempt.conclusion)).toEqual([
      'failure',
      'success',
    ]);
    const ids = (attempt: number) =>
      run.attempts[attempt].jobs.map(job => job.id);
    expect(ids(0)).toEqual(first.attempts[0].jobs.map(job => job.id));
    expect(ids(1).filter(id => ids(0).includes(id))).toEqual([]);
  });

  it('lets a newer run of a concurrency group cancel the older one', async () => {
    const outcomes: Outcomes = {
      plan: { outputs: { services: '["api"]' }, hold: true },
    };
    const older = await simulator.pushTag(RELEASE, { tag: 'v2.0.0', outcomes });
    const newer = await simulator.pushTag(RELEASE, {
      tag: 'v2.0.1',
      outcomes: { plan: { outputs: { services: '["api"]' } } },
    });

    const [first, second] = await Promise.all([
      simulator.run(RELEASE, older.runs[0]),
      simulator.run(RELEASE, newer.runs[0]),
    ]);
    expect(first.attempts[0].conclusion).toBe('cancelled');
    expect(second.attempts[0].conclusion).toBe('success');
  });

  async function restRun(id: number) {
    const answer = await simulator.rest(
      'GET',
      `/repos/${RELEASE}/actions/runs/${id}`,
    );
    return { body: answer.json<{ display_title: string }>() };
  }
});
