import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { JobAnswer } from './answers';
import { planStops, PipelineRun } from './planStops';
import { mergeHistory } from './releases';
import {
  describeFailure,
  hasStarted,
  mayHaveChanged,
  reportJobs,
} from './runReport';
import { workflowFailure } from './workflowFailure';

describe('planStops', () => {
  const run = (facts: Partial<PipelineRun>): PipelineRun => ({
    runId: '1',
    status: 'in_progress',
    own: 'open',
    others: [],
    ...facts,
  });
  const others = [{ entityRef: 'component:default/b', environment: 'p' }];
  const here = { environmentId: 'e', operationId: 'o' };

  it.each<[string, Partial<PipelineRun>, { keepShared?: boolean }, boolean]>([
    ['deploys here', {}, {}, true],
    ['may still deploy here', { own: 'unknown' }, {}, true],
    ['has deployed here', { own: 'done' }, {}, false],
    ['deploys others, too', { others }, {}, true],
    [
      'deploys others, too, which are kept',
      { others },
      { keepShared: true },
      false,
    ],
    ['deploys here alone', {}, { keepShared: true }, true],
    [
      'this operation dispatched',
      { dispatchedBy: { environmentId: 'e', operationId: 'o' } },
      {},
      false,
    ],
    [
      'an earlier operation dispatched',
      { dispatchedBy: { environmentId: 'e', operationId: 'p' } },
      {},
      true,
    ],
    [
      'was dispatched for another environment',
      { dispatchedBy: { environmentId: 'f', operationId: 'p' } },
      {},
      false,
    ],
  ])('a run that %s', (_name, facts, options, isStopped) => {
    const plan = planStops([run(facts)], { ...here, ...options });

    expect(plan.stop).toHaveLength(isStopped ? 1 : 0);
    expect(plan.leave).toHaveLength(isStopped ? 0 : 1);
  });
});

describe('mergeHistory', () => {
  it('has one entry a commit, newest first, and the last one to come serves', () => {
    const history = mergeHistory({
      deployed: [
        { commit: 'a', version: '1.0', at: '1' },
        { commit: 'b', at: '2' },
      ],
      dispatched: [{ commit: 'a', at: '3' }],
      serving: [
        { commit: 'b', at: '2' },
        { commit: 'a', at: '3' },
      ],
    });

    expect(history).toEqual({
      succeeded: [
        { commit: 'a', version: '1.0', at: '3' },
        { commit: 'b', at: '2' },
      ],
      serving: { commit: 'a', at: '3' },
    });
  });

  it('says that nothing serves where nothing does', () => {
    expect(mergeHistory({ deployed: [], dispatched: [], serving: [] })).toEqual(
      {
        succeeded: [],
      },
    );
  });
});

describe('the report of a run', () => {
  const job = (facts: Partial<JobAnswer>): JobAnswer => ({
    id: 1,
    name: 'deploy',
    status: 'completed',
    conclusion: 'success',
    html_url: 'https://github.example.test/job/1',
    completed_at: undefined,
    ...facts,
  });

  it('tells what has changed, once', () => {
    const first = reportJobs({}, [
      job({ status: 'queued', conclusion: undefined }),
    ]);
    const second = reportJobs(first.states, [job({ conclusion: 'failure' })]);
    const third = reportJobs(second.states, [job({ conclusion: 'failure' })]);

    expect([first, second, third].map(report => report.lines)).toEqual([
      [{ text: 'deploy: queued', level: 'info' }],
      [
        {
          text: 'deploy: failure https://github.example.test/job/1',
          level: 'error',
        },
      ],
      [],
    ]);
  });

  it.each<[Partial<JobAnswer>, boolean]>([
    [{ status: 'queued', conclusion: undefined }, false],
    [{ status: 'waiting', conclusion: undefined }, false],
    [{ status: 'in_progress', conclusion: undefined }, true],
    [{ conclusion: 'skipped', runner_id: 1 }, false],
    [{ conclusion: 'cancelled', runner_id: 0, steps: [] }, false],
    [{ conclusion: 'cancelled', runner_id: 7 }, true],
    [{ conclusion: 'failure', steps: [{}] }, true],
  ])('knows whether a job was begun: %j %s', (facts, isBegun) => {
    expect(hasStarted(job(facts))).toBe(isBegun);
  });

  it.each<[Partial<JobAnswer>, boolean]>([
    [{ name: 'migrate' }, true],
    [{ name: 'check and migrate' }, true],
    [{ name: 'check' }, false],
    [{ name: 'report-failure' }, false],
    [{ name: 'migrate', conclusion: 'skipped' }, false],
  ])('knows whether a job may have changed something: %j %s', (facts, may) => {
    const begun = { conclusion: 'failure', runner_id: 7 };

    expect(mayHaveChanged(job({ ...begun, ...facts }))).toBe(may);
  });

  it('names no more than five jobs that failed', () => {
    const jobs = Array.from({ length: 7 }, (_, index) =>
      job({ id: index, name: `job ${index}`, conclusion: 'failure' }),
    );

    const text = describeFailure(
      { id: 9, conclusion: 'failure', html_url: undefined },
      'deploy.yml',
      jobs,
    );

    expect(text).toContain('job 4 (failure) and 2 more.');
    expect(text).not.toContain('job 5');
  });
});

describe('workflowFailure', () => {
  const question = { what: 'start deploy.yml', permission: 'Actions: write' };
  const failureOf = (error: unknown) =>
    workflowFailure(error, question, new Date());

  it.each([
    [{ status: 401 }, 'credentials'],
    [{ status: 403, message: 'Forbidden' }, 'denied'],
    [{ status: 403, message: 'API rate limit exceeded' }, 'transient'],
    [{ status: 429 }, 'transient'],
    [{ status: 404 }, 'not-found'],
    [{ status: 422 }, 'invalid'],
    [{ status: 500 }, 'transient'],
    [new TypeError('fetch failed'), 'transient'],
    [undefined, 'transient'],
    [new TargetError('busy', 'Busy.'), 'busy'],
  ])('%j is %s', (error, kind) => {
    expect(failureOf(error).kind).toBe(kind);
  });

  it("cuts GitHub's words, in one line", () => {
    const message = `No\nway\0 ${'x'.repeat(1_000)}`;

    const failure = failureOf({ status: 403, response: { data: { message } } });

    expect(failure.message).toContain('No way x');
    expect(failure.message.length).toBeLessThan(400);
  });
});
