import { InputError, ServiceUnavailableError } from '@backstage/errors';
import {
  finalFailure,
  LOOK_AGAIN_MS,
  needsGoAhead,
  nextLook,
  unattended,
  unknownStanding,
} from './lookingAt';
import { Judged } from './ReadinessDesk';
import { StoredPromotion } from './rows';

describe('needsGoAhead', () => {
  it.each<[string, object, boolean]>([
    ['is executing and nobody was told', {}, true],
    ['is not decided yet', { status: 'approved' }, false],
    ['was let in against the portal', { state: { bypassed: true } }, false],
    ['was let in at GitHub', { go_ahead_at: 'T' }, false],
    [
      'was to be dispatched, and a crash cut that off',
      { go_ahead_at: 'T', seam: 'dispatch' },
      true,
    ],
    [
      'was dispatched',
      { go_ahead_at: 'T', seam: 'dispatch', operation_id: 'o' },
      false,
    ],
  ])('of one that %s', (_case, change, expected) => {
    const promotion = {
      status: 'executing',
      state: {},
      seam: 'rule',
      ...change,
    };

    expect(needsGoAhead(promotion as unknown as StoredPromotion)).toBe(
      expected,
    );
  });
});

describe('unattended', () => {
  it('keeps back what a person has to review at GitHub', () => {
    const standing = { ...unknownStanding, clear: true };

    expect(unattended({ seam: 'review' }, standing).clear).toBe(false);
    expect(unattended({ seam: 'dispatch' }, standing)).toEqual(standing);
  });
});

describe('nextLook', () => {
  const now = new Date('2026-01-01T00:00:00Z');
  const after = (ms: number) => new Date(now.getTime() + ms).toISOString();
  const look = (expires: number, ...until: (number | undefined)[]) =>
    nextLook(
      {
        conditions: until.map(ms => ({
          ...(ms !== undefined && { until: after(ms) }),
        })) as Judged['conditions'],
      },
      { expires_at: after(expires) },
      now,
    ).getTime() - now.getTime();

  it.each([
    ['after a while', look(3_600_000), LOOK_AGAIN_MS],
    ['when it expires', look(5_000), 5_000],
    ['when a time comes', look(3_600_000, undefined, 7_000), 7_000],
    ['not at a time that is past', look(-1, -5_000), LOOK_AGAIN_MS],
  ])('is %s', (_case, found, expected) => {
    expect(found).toBe(expected);
  });
});

describe('finalFailure', () => {
  it('is what trying again does not mend', () => {
    expect(finalFailure(new InputError('Wrong.'))).toEqual({
      message: 'Wrong.',
    });
    expect(finalFailure(new ServiceUnavailableError('Later.'))).toBeUndefined();
    expect(finalFailure('what?')).toBeUndefined();
  });
});
