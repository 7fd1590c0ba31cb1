import { delayBeforeRetry } from './requestPolicy';

describe('delayBeforeRetry', () => {
  it.each([
    ['a broken connection', {}, 500],
    ['a gateway', { status: 502 }, 500],
    [
      'throttling that is soon over',
      { status: 429, retryAfterMs: 1_000 },
      1_000,
    ],
    [
      'throttling that is not',
      { status: 429, retryAfterMs: 60_000 },
      undefined,
    ],
    ['a refusal', { status: 403 }, undefined],
    ['success', { status: 200 }, undefined],
  ])('reads again after %s', (_, failure, expected) => {
    expect(delayBeforeRetry({ method: 'GET', attempt: 1, ...failure })).toBe(
      expected,
    );
  });

  it('gives up after three attempts', () => {
    expect(
      [1, 2, 3].map(attempt =>
        delayBeforeRetry({ method: 'GET', attempt, status: 503 }),
      ),
    ).toEqual([500, 1_000, undefined]);
  });

  it.each(['PATCH', 'POST', 'PUT', 'DELETE'])(
    'never sends a %s again: the engine does',
    method => {
      expect(
        delayBeforeRetry({ method, attempt: 1, status: 503 }),
      ).toBeUndefined();
    },
  );
});
