import { judgeLeft } from './leftBehind';

const commit = 'a'.repeat(40);
const run = { id: 12, html_url: 'https://github.example.test/runs/12' };
const judge = (serving?: string, why?: string) =>
  judgeLeft(
    run,
    { commit },
    {
      environment: 'production',
      ...(serving && {
        serving: { commit: serving, by: 'The version address' },
      }),
      ...(why && { why }),
    },
  );

describe('judgeLeft', () => {
  it('is as before where something else runs', () => {
    expect(judge('b'.repeat(40))).toEqual({
      asBefore:
        'The version address says that production runs bbbbbbbbbbbb: the new release did not get in.',
    });
  });

  it.each([
    ['the release runs all the same', 'aaaaaaa', undefined, /the new release/],
    ['nobody tells', undefined, undefined, /neither "version" nor a target/],
    ['it cannot be told', undefined, 'It answers 502.', /It answers 502\./],
  ])('is for a person to look at where %s', (_, serving, why, message) => {
    expect(judge(serving, why)).toEqual({
      failure: {
        message: expect.stringMatching(message),
        remedy: expect.stringContaining(run.html_url),
      },
    });
  });
});
