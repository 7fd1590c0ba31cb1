import { followUp, Outcome } from './followUp';

const now = new Date('2026-01-05T12:00:00Z');
const justNow = '2026-01-05T11:59:00.000Z';
const longAgo = '2026-01-05T05:00:00.000Z';

describe('followUp', () => {
  it.each<[string, Outcome, string | undefined]>([
    ['nothing yet', {}, undefined],
    [
      'a run that goes on',
      { deployment: { status: 'in_progress' } },
      undefined,
    ],
    [
      'a deployment in place',
      { deployment: { status: 'succeeded' } },
      'deployed',
    ],
    [
      'one that a newer one replaced',
      { deployment: { status: 'superseded' } },
      'deployed',
    ],
    ['a failed one', { deployment: { status: 'failed' } }, 'fail'],
    ['a broken pipeline', { deployment: { status: 'errored' } }, 'fail'],
    ['a cancelled one', { deployment: { status: 'cancelled' } }, 'withdraw'],
    [
      'one that was rolled back',
      {
        deployment: {
          status: 'rolled_back',
          rolledBack: { by: 'user:default/omar', reason: 'It is slow' },
        },
      },
      'rolled-back',
    ],
    [
      'an operation that ended well',
      { operation: { status: 'succeeded' } },
      'deployed',
    ],
    ['an operation that failed', { operation: { status: 'failed' } }, 'fail'],
    [
      'an operation that was cancelled',
      { operation: { status: 'cancelled' } },
      'withdraw',
    ],
    [
      'a run that was cancelled at GitHub, before its job tells',
      {
        deployment: { status: 'in_progress' },
        operation: { status: 'failed', runCancelled: true },
      },
      'withdraw',
    ],
    [
      'a failed one whose operation still looks what it left',
      {
        deployment: { status: 'failed' },
        operation: { status: 'running' },
      },
      undefined,
    ],
    [
      'one in place while other jobs of its run go on',
      {
        deployment: { status: 'succeeded' },
        operation: { status: 'running' },
      },
      undefined,
    ],
    [
      'one in place whose run failed later',
      {
        deployment: { status: 'succeeded' },
        operation: { status: 'failed', runCancelled: true },
      },
      'fail',
    ],
    [
      'one in place whose run ended well',
      {
        deployment: { status: 'succeeded' },
        operation: { status: 'succeeded' },
      },
      'deployed',
    ],
    ['an operation that runs', { operation: { status: 'running' } }, undefined],
    [
      'a run that goes on although the operation ended',
      {
        deployment: { status: 'in_progress' },
        operation: { status: 'succeeded' },
      },
      undefined,
    ],
  ])('tells an executing promotion of %s', (_, outcome, expected) => {
    const input = followUp(
      { status: 'executing', decidedAt: justNow },
      outcome,
      now,
    );

    expect(input?.type).toBe(expected);
  });

  it('tells what the operation found, with its remedy', () => {
    const failure = { message: 'The run 12 failed.', remedy: 'Look at it.' };

    const input = followUp(
      { status: 'executing', decidedAt: justNow },
      {
        deployment: { status: 'failed' },
        operation: { status: 'failed', failure },
      },
      now,
    );

    expect(input).toMatchObject({ type: 'fail', failure });
  });

  it.each<[string, Outcome, string | undefined]>([
    ['some time ago', { runEndedAt: '2026-01-05T11:30:00.000Z' }, 'withdraw'],
    ['just now', { runEndedAt: justNow }, undefined],
    [
      'while its deployment goes on',
      {
        runEndedAt: '2026-01-05T11:30:00.000Z',
        deployment: { status: 'in_progress' },
      },
      undefined,
    ],
    [
      'before it was let in',
      { runEndedAt: '2026-01-05T10:00:00.000Z' },
      undefined,
    ],
  ])('ends with its run, that ended %s', (_, outcome, expected) => {
    const input = followUp(
      { status: 'executing', decidedAt: '2026-01-05T11:00:00.000Z' },
      outcome,
      now,
    );

    expect(input?.type).toBe(expected);
  });

  it('gives up where nothing begins for hours', () => {
    const input = followUp(
      { status: 'executing', decidedAt: longAgo },
      { deployment: { status: 'waiting' } },
      now,
    );

    expect(input).toMatchObject({ type: 'fail' });
  });

  it.each<[string, Outcome['watch'], string | undefined]>([
    ['nobody watches', undefined, 'verified'],
    ['it proved good', { state: 'healthy' }, 'verified'],
    ['a newer one came', { state: 'replaced' }, 'verified'],
    ['nobody could look', { state: 'unjudged' }, 'verified'],
    ['it was kept out', { state: 'kept-out', note: 'No.' }, 'fail'],
    ['it is watched', { state: 'watching' }, undefined],
    ['it is being rolled back', { state: 'rolled-back' }, undefined],
    ['it did not prove good', { state: 'not-possible', note: 'No.' }, 'fail'],
  ])('ends a verifying promotion when %s', (_, watch, expected) => {
    const input = followUp(
      { status: 'verifying', decidedAt: longAgo },
      { deployment: { status: 'succeeded' }, ...(watch && { watch }) },
      now,
    );

    expect(input?.type).toBe(expected);
  });

  it.each<[string, Outcome['watch'], string | undefined]>([
    ['nobody watches', undefined, 'was not judged'],
    ['a newer one came', { state: 'replaced' }, 'before it was judged'],
    [
      'nobody could look',
      { state: 'unjudged', note: 'The portal was away.' },
      'It was not judged: The portal was away.',
    ],
    ['it proved good', { state: 'healthy' }, undefined],
  ])('says whether it was judged when %s', (_, watch, expected) => {
    const input = followUp(
      { status: 'verifying', decidedAt: longAgo },
      { deployment: { status: 'succeeded' }, ...(watch && { watch }) },
      now,
    );

    const unjudged = input && 'unjudged' in input ? input.unjudged : undefined;
    expect(unjudged === undefined).toBe(expected === undefined);
    expect(unjudged ?? '').toContain(expected ?? '');
  });

  it('changes nothing that is over', () => {
    const input = followUp(
      { status: 'succeeded', decidedAt: longAgo },
      { deployment: { status: 'failed' } },
      now,
    );

    expect(input).toBeUndefined();
  });
});
