import { commentDue, commentFor, isAbout } from './comment';

const id = 'be5b64a0-c716-47d7-84b7-fafe2b1edc9f';
const other = '00000000-c716-47d7-84b7-fafe2b1edc9f';
const noon = new Date('2026-01-05T12:00:00.000Z');
const minutesBefore = (minutes: number) =>
  new Date(noon.getTime() - minutes * 60_000).toISOString();
const minutesAfter = (minutes: number) =>
  new Date(noon.getTime() + minutes * 60_000);

describe('commentFor', () => {
  it.each([
    ['a short text', 'Waits for one approval.'],
    ['a long text', 'x'.repeat(5_000)],
    ['a long text of pairs', '🚦'.repeat(5_000)],
    ['a long text of pairs, one off', `x${'🚦'.repeat(5_000)}`],
    ['nothing', ''],
    ['NUL', 'a\0b'],
  ])('makes of %s what GitHub takes', (_name, text) => {
    const comment = commentFor(text, id);

    expect(comment.length).toBeLessThanOrEqual(1024);
    expect(comment).not.toMatch(/\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
    expect(isAbout(comment, id)).toBe(true);
    expect(isAbout(comment, other)).toBe(false);
  });
});

describe('commentDue', () => {
  const given = (comments: number, minutes: number, told = 'before') => [
    { comments, told, toldAt: minutesBefore(minutes) },
  ];

  it.each([
    ['the first at once', [{ comments: 0 }], noon],
    ['nothing that was said last', given(1, 60, 'now'), undefined],
    ['the second after a minute', given(1, 0), minutesAfter(1)],
    ['the second, when that has passed', given(1, 2), noon],
    ['the fifth after eight minutes', given(4, 3), minutesAfter(5)],
    ['no more than GitHub takes', given(8, 10_000), undefined],
    [
      'what another callback was not told',
      [{ comments: 0 }, ...given(1, 60, 'now')],
      undefined,
    ],
  ])('gives %s', (_name, callbacks, due) => {
    expect(commentDue(callbacks, 'now', noon)).toEqual(due);
  });
});
