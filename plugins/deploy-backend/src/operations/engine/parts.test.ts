import fc from 'fast-check';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { boundedFailure, toAttemptFailure } from './attemptFailure';
import { backOff } from './backoff';
import { StepLog } from './StepLog';

const SECRET = 'abcdefgh12345678';
const TELLING = `It said: Authorization: Bearer ${SECRET}`;

describe('backOff', () => {
  it('stays within its limits', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1e9 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (attempt, chance) => {
          const wait = backOff(attempt, chance, { firstMs: 100, maxMs: 5_000 });

          expect(wait).toBeGreaterThanOrEqual(75);
          expect(wait).toBeLessThanOrEqual(5_000);
        },
      ),
    );
  });

  it('never asks earlier than the platform said', () => {
    expect(
      backOff(1, 1, { firstMs: 100, maxMs: 5_000, retryAfterMs: 9_000 }),
    ).toBe(9_000);
  });
});

describe('toAttemptFailure', () => {
  it.each([
    ['a target', new TargetError('denied', TELLING, { remedy: TELLING })],
    ['a step at fault', new Error(TELLING)],
  ])('tells no secret that %s tells', (_case, error) => {
    const text = JSON.stringify(toAttemptFailure(error));

    expect(text).toContain('It said: Authorization: ***');
    expect(text).not.toContain(SECRET);
  });

  it('takes what a TargetError says', () => {
    const error = new TargetError('busy', 'Another command runs.', {
      remedy: 'Wait.',
      retryAfterMs: 5_000,
      cause: new Error('409: a whole answer'),
    });

    expect(toAttemptFailure(error)).toEqual({
      kind: 'busy',
      failure: { message: 'Another command runs.', remedy: 'Wait.' },
      retryAfterMs: 5_000,
    });
  });

  it.each([
    ['an error', new Error('boom')],
    ['a text', 'boom'],
    ['an error of an unknown kind', forged('constructor')],
    ['an error without a kind', forged(undefined)],
  ])('takes %s for a fault', (_case, thrown) => {
    expect(toAttemptFailure(thrown)).toMatchObject({
      kind: 'fault',
      failure: { message: 'The step itself is at fault: boom' },
    });
  });

  it.each([undefined, {}, 7, Object.create(null)])(
    'takes %p for a fault',
    thrown => {
      expect(toAttemptFailure(thrown).kind).toBe('fault');
    },
  );

  it('does not believe in endless waits and texts', () => {
    const error = new TargetError('transient', 'x'.repeat(1e6), {
      retryAfterMs: 1e12,
    });
    const { failure, retryAfterMs } = toAttemptFailure(error);

    expect(failure.message).toHaveLength(2_000);
    expect(retryAfterMs).toBe(3_600_000);
  });
});

describe('boundedFailure', () => {
  it('tells no secret', () => {
    expect(boundedFailure({ message: TELLING, remedy: TELLING })).toEqual({
      message: 'It said: Authorization: ***',
      remedy: 'It said: Authorization: ***',
    });
  });
});

describe('StepLog', () => {
  const now = () => new Date(0);

  it('tells no secret, also not one of several lines', () => {
    const log = new StepLog(now, 0);
    log.add(TELLING);
    log.add(`-----BEGIN KEY-----\n${SECRET}\n-----END KEY-----`);

    expect(log.take().map(({ text }) => text)).toEqual([
      'It said: Authorization: ***',
      '***',
    ]);
  });

  it('cuts lines, and drops what is no text', () => {
    const log = new StepLog(now, 0);
    log.add(`one\r\ntwo\0\n${'x'.repeat(5_000)}`);

    const lines = log.take();

    expect(lines.map(line => line.sequence)).toEqual([1, 2, 3]);
    expect(lines.map(line => line.text.length)).toEqual([3, 3, 2_000]);
    expect(log.isEmpty).toBe(true);
  });

  it('goes on counting where an earlier attempt ended', () => {
    const log = new StepLog(now, 41);
    log.add('next');

    expect(log.take()[0].sequence).toBe(42);
  });

  it('holds a bounded number of lines, the last of them whole', () => {
    const log = new StepLog(now, 0);
    for (let line = 0; line < 100_000; line++) {
      log.add(`line ${line}`);
    }

    const lines = log.take();

    expect(lines).toHaveLength(500);
    expect(lines[0].text).toBe('line 0');
    expect(lines.at(-1)?.text).toBe('line 99999');
  });
});

function forged(kind: unknown): Error {
  return Object.assign(new Error('boom'), { name: 'TargetError', kind });
}
