import fc from 'fast-check';
import { printable } from './printable';

describe('printable', () => {
  it.each([
    ['colours', 'a\u001b[31mb', 'a\\u001b[31mb'],
    ['a title for the window', '\u001b]0;x\u0007', '\\u001b]0;x\\u0007'],
    ['what takes back', 'good\rbad\b', 'good\\u000dbad\\u0008'],
    ['controls of eight bits', '\u009b31m', '\\u009b31m'],
    ['another direction', 'a\u202eb', 'a\\u202eb'],
    ['what has no width', 'a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
    ['tags beyond the first plane', '\u{e0041}', '\\udb40\\udc41'],
  ])('writes out %s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('leaves lines, tabs and letters of all languages alone', () => {
    const text = 'one\n\ttwo: Größe, 日本語, 👍 – “x”';

    expect(printable(text)).toBe(text);
  });

  it('means the same in JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const shown = printable(JSON.stringify(text));

        expect(JSON.parse(shown)).toBe(text);
      }),
      { seed: 7, numRuns: 200 },
    );
  });
});
