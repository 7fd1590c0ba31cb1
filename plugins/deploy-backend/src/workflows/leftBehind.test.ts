import { judgeLeft, LeftBehind } from './leftBehind';

const commit = 'a'.repeat(40);
const before = 'b'.repeat(40);
const run = {
  id: 12,
  html_url: 'https://github.example.test/runs/12',
  head_sha: 'd'.repeat(40),
  created_at: '2026-01-05T12:00:00.000Z',
};
const known = { commit: before, at: '2026-01-04T12:00:00.000Z' };
const address = (serving: string) => ({
  commit: serving,
  by: 'The version address',
});
const platform = (serving: string) => ({ commit: serving, by: 'The platform' });
const judge = (left: Partial<LeftBehind>, more: Partial<typeof run> = {}) =>
  judgeLeft(
    { ...run, ...more },
    { commit },
    { environment: 'production', seen: [], known, ...left },
  );

describe('judgeLeft', () => {
  it('is as before where all say that what was there before runs', () => {
    expect(judge({ seen: [address('bbbbbbb'), platform(before)] })).toEqual({
      asBefore:
        'The version address says that production runs bbbbbbb, The platform says that production runs bbbbbbbbbbbb, as before: the new release did not get in.',
    });
  });

  it.each<[string, Partial<LeftBehind>, RegExp]>([
    [
      'the release runs all the same',
      { seen: [platform(before), address('aaaaaaa')] },
      /aaaaaaa, the new release/,
    ],
    ['nobody tells', {}, /neither "version" nor a target/],
    [
      'it cannot be told',
      { seen: [platform(before)], why: 'It answers 502.' },
      /It answers 502\./,
    ],
    [
      'something else runs than before',
      { seen: [address('c'.repeat(40)), platform(before)] },
      /runs cccccccccccc\..*Before, that was bbbbbbbbbbbb\./,
    ],
    [
      'nobody knows what was there before',
      { seen: [platform(before)], known: undefined },
      /does not know for sure/,
    ],
    [
      'what is known came while the run went on',
      {
        seen: [platform(before)],
        known: { ...known, at: '2026-01-05T12:10:00.000Z' },
      },
      /does not know for sure/,
    ],
  ])('is for a person to look at where %s', (_, left, message) => {
    expect(judge(left)).toEqual({
      failure: {
        message: expect.stringMatching(message),
        remedy: expect.stringContaining(run.html_url),
      },
    });
  });

  it('is for a person to look at where the run itself is at what was there before', () => {
    const judged = judge({ seen: [platform(before)] }, { head_sha: before });

    expect(judged).toEqual({
      failure: expect.objectContaining({
        message: expect.stringMatching(/may have marked the new release/),
      }),
    });
  });
});
