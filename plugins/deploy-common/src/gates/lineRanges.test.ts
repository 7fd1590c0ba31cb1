import fc from 'fast-check';
import { decodeLines, encodeLines } from './lineRanges';

describe('line ranges', () => {
  it.each([
    [[], ''],
    [[5], '5'],
    [[1, 2, 3, 7], '1-3,7'],
    [[7, 1, 2, 3, 3, 2], '1-3,7'],
    [[1, 3, 5], '1,3,5'],
    [[9, 10, 11], '9-11'],
  ])('of %p are %p', (lines, ranges) => {
    expect(encodeLines(lines)).toBe(ranges);
  });

  it('come back sorted and once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 300 })), lines => {
        const sorted = [...new Set(lines)].sort((a, b) => a - b);

        expect(decodeLines(encodeLines(lines))).toEqual(sorted);
      }),
    );
  });

  it.each(['a', '0', '1-', '3-1', '1,1', '2,1', '1,,2', '1-9999999999', '-1'])(
    'are not %p',
    text => {
      expect(() => decodeLines(text)).toThrow('Not a list of line ranges');
    },
  );

  it('are bounded when they are read', () => {
    expect(() => decodeLines('1-999999999')).toThrow(
      'Not a list of line ranges',
    );
  });
});
