import { backOff, githubFailure } from './githubFailure';

const noon = new Date('2026-01-05T12:00:00.000Z');
const seconds = (count: number) => new Date(noon.getTime() + count * 1_000);

function httpError(
  status: number,
  message = '',
  headers: Record<string, string> = {},
) {
  return Object.assign(new Error(message), { status, response: { headers } });
}

describe('githubFailure', () => {
  it.each([
    [
      'a token that may not',
      httpError(403, 'Resource not accessible'),
      'refused',
    ],
    ['a wrong token', httpError(401, 'Bad credentials'), 'unavailable'],
    ['nothing there', httpError(404), 'missing'],
    ['gone', httpError(410), 'missing'],
    ['a wrong request', httpError(422), 'invalid'],
    ['too large a diff', httpError(406), 'invalid'],
    ['an outage', httpError(502), 'unavailable'],
    ['no connection', new TypeError('fetch failed'), 'unavailable'],
    ['something else', undefined, 'unavailable'],
  ])('tells %s', (_name, error, kind) => {
    expect(githubFailure(error, noon)).toEqual({ kind });
  });

  it.each([
    ['429', httpError(429), 60],
    [
      'the secondary limit',
      httpError(403, 'You have exceeded a secondary rate limit'),
      60,
    ],
    ['a time to wait', httpError(403, '', { 'retry-after': '90' }), 90],
    [
      'the primary limit',
      httpError(403, '', {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(noon.getTime() / 1_000 + 600),
      }),
      600,
    ],
    [
      'a limit that is over',
      httpError(403, '', {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '1',
      }),
      1,
    ],
    ['a time without sense', httpError(429, '', { 'retry-after': 'x' }), 60],
    ['a time without end', httpError(429, '', { 'retry-after': '9e9' }), 3_600],
  ])('tells by %s until when GitHub takes no more', (_name, error, wait) => {
    expect(githubFailure(error, noon)).toEqual({
      kind: 'limited',
      until: seconds(wait),
    });
  });
});

describe('backOff', () => {
  it.each([
    [1, 30],
    [2, 60],
    [5, 480],
    [8, 3_600],
    [1_000, 3_600],
  ])('after attempt %d waits %d seconds', (attempts, wait) => {
    expect(backOff(attempts, noon)).toEqual(seconds(wait));
  });
});
