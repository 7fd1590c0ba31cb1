import { Fact } from '@vvp/backstage-plugin-deploy-node';
import { absorb, emptyTrace } from '../fold/trace';
import { missedCallbacks } from './missedCallbacks';
import { runDecision } from './runDecision';

const repository = 'example-org/vvp';
const commit = 'a'.repeat(40);
const at = (minute: number) =>
  new Date(Date.UTC(2026, 0, 5, 12, minute)).toISOString();

type Partly<T extends Fact> = Partial<T> & Pick<T, 'kind'>;

function run(status: string, more: object = {}): Fact {
  return {
    kind: 'run',
    repository,
    runId: '100',
    attempt: 1,
    workflowName: 'Deploy',
    event: 'push',
    commit,
    createdAt: at(0),
    updatedAt: at(9),
    status,
    ...more,
  } as Partly<Extract<Fact, { kind: 'run' }>> as Fact;
}

function job(status: string, more: object = {}): Fact {
  return {
    kind: 'job',
    repository,
    runId: '100',
    attempt: 1,
    jobId: '7',
    name: 'deploy-verifier',
    commit,
    createdAt: at(1),
    status,
    ...more,
  } as Partly<Extract<Fact, { kind: 'job' }>> as Fact;
}

function deployment(state: string, more: object = {}): Fact {
  return {
    kind: 'deployment',
    repository,
    deploymentId: '50',
    runId: '100',
    attempt: 1,
    jobId: '7',
    environment: 'production',
    commit,
    createdAt: at(1),
    updatedAt: at(1),
    status: { statusId: `${state}`, state, at: at(2) },
    ...more,
  } as Partly<Extract<Fact, { kind: 'deployment' }>> as Fact;
}

const traceOf = (facts: Fact[]) => facts.reduce(absorb, emptyTrace);
const completed = (conclusion: string) => job('completed', { conclusion });

describe('runDecision', () => {
  it.each<[string, Fact[], string]>([
    ['nothing is known', [], 'waiting'],
    ['the job waits', [job('waiting'), deployment('waiting')], 'waiting'],
    [
      'the job is queued after an approval that is not all',
      [job('waiting'), job('queued'), deployment('waiting')],
      'waiting',
    ],
    [
      'the job works',
      [job('in_progress'), deployment('waiting')],
      'let-through',
    ],
    [
      'the job worked',
      [completed('success'), deployment('waiting')],
      'let-through',
    ],
    [
      'the job failed at work',
      [completed('failure'), deployment('in_progress'), deployment('failure')],
      'let-through',
    ],
    [
      'the job failed without having been at work',
      [completed('failure'), deployment('waiting'), deployment('failure')],
      'rejected',
    ],
    [
      'the job was cancelled',
      [completed('cancelled'), deployment('waiting')],
      'cancelled',
    ],
    [
      'the job was cancelled at work',
      [completed('cancelled'), deployment('in_progress')],
      'let-through',
    ],
    [
      'the job was skipped',
      [completed('skipped'), deployment('waiting')],
      'gone',
    ],
    [
      'only the deployment tells of work',
      [deployment('in_progress', { jobId: undefined })],
      'perhaps-let-through',
    ],
    [
      'the deployment was replaced',
      [deployment('inactive', { jobId: undefined })],
      'perhaps-let-through',
    ],
    [
      'the job waits, but a status of its deployment tells of work',
      [job('waiting'), deployment('waiting'), deployment('in_progress')],
      'perhaps-let-through',
    ],
    [
      'the job waits, but a status of its deployment tells of success',
      [job('waiting'), deployment('waiting'), deployment('success')],
      'perhaps-let-through',
    ],
    [
      'the run was cancelled and its job says nothing',
      [
        job('waiting'),
        deployment('waiting'),
        run('completed', { conclusion: 'cancelled' }),
      ],
      'cancelled',
    ],
    [
      'the run ended and its job says nothing',
      [
        job('waiting'),
        deployment('waiting'),
        run('completed', { conclusion: 'failure' }),
      ],
      'gone',
    ],
    [
      'the run was started again',
      [
        job('waiting'),
        deployment('waiting'),
        job('queued', { jobId: '8', attempt: 2 }),
      ],
      'gone',
    ],
    [
      'an earlier attempt ended and nothing tells which one asks',
      [run('completed', { conclusion: 'cancelled' })],
      'waiting',
    ],
    [
      'an earlier attempt ended and the job of the next one waits',
      [
        run('completed', { conclusion: 'cancelled' }),
        job('waiting', { attempt: 2 }),
        deployment('waiting', { attempt: 2 }),
      ],
      'waiting',
    ],
  ])('says, when %s', (_name, facts, decision) => {
    expect(runDecision(traceOf(facts), { deploymentId: '50' })).toBe(decision);
  });

  it('takes a run that GitHub says has ended for all of its attempts', () => {
    const trace = traceOf([run('completed', { conclusion: 'cancelled' })]);

    const decision = runDecision(
      trace,
      { deploymentId: '50' },
      { isFresh: true },
    );

    expect(decision).toBe('cancelled');
  });

  it('believes the run that GitHub says was cancelled, not a status of the deployment', () => {
    const trace = traceOf([
      job('waiting'),
      deployment('in_progress'),
      run('completed', { conclusion: 'cancelled' }),
    ]);

    const decision = runDecision(
      trace,
      { deploymentId: '50' },
      { isFresh: true },
    );

    expect(decision).toBe('cancelled');
  });

  it('is not led astray by an id such as an object has', () => {
    expect(runDecision(emptyTrace, { deploymentId: 'constructor' })).toBe(
      'waiting',
    );
  });
});

describe('missedCallbacks', () => {
  it.each<[string, Fact[], string[], number]>([
    [
      'a job waits where runs have asked before',
      [job('waiting'), deployment('waiting')],
      ['Production'],
      1,
    ],
    [
      'nobody has asked before',
      [job('waiting'), deployment('waiting')],
      ['staging'],
      0,
    ],
    [
      'the job works',
      [job('in_progress'), deployment('waiting')],
      ['production'],
      0,
    ],
    [
      'the deployment has ended',
      [job('waiting'), deployment('failure')],
      ['production'],
      0,
    ],
  ])('looks whether %s', (_name, facts, asking, count) => {
    const missed = missedCallbacks(traceOf(facts), asking);

    expect(missed).toHaveLength(count);
    expect(missed.every(one => asking.includes(one.environment))).toBe(true);
  });
});
