import fc from 'fast-check';
import { commonRefs, namesOverlap, refsOverlap, refWithin } from './globs';

/** The slow but plain way to ask whether a pattern matches a text. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .split(/(\*\*|\*)/)
    .map(part => ({ '**': '.*', '*': '[^/]*' }[part] ?? part))
    .join('');
  return new RegExp(`^${source}$`).test(text);
}

const letters = fc.constantFrom('a', 'b', '/');
const text = fc.array(letters, { maxLength: 6 }).map(parts => parts.join(''));
const glob = fc
  .array(fc.oneof(letters, fc.constantFrom('*', '**')), { maxLength: 6 })
  .map(parts => parts.join(''))
  .filter(pattern => !pattern.includes('***'));

describe('overlapping globs', () => {
  it.each([
    ['a*', '*b', true],
    ['a*c', 'abd', false],
    ['deploy (*)', 'deploy', false],
    ['*', '', true],
    ['a/*', 'a/b/c', true],
  ])('names %s and %s: %s', (left, right, expected) => {
    expect(namesOverlap(left, right)).toBe(expected);
  });

  it('agree with matching where one side is text', () => {
    fc.assert(
      fc.property(glob, text, (pattern, ref) => {
        expect(refsOverlap(pattern, ref)).toBe(matches(pattern, ref));
        expect(refsOverlap(ref, pattern)).toBe(matches(pattern, ref));
      }),
      { numRuns: 1000 },
    );
  });

  it('are found whenever one text matches both', () => {
    fc.assert(
      fc.property(glob, glob, text, (left, right, ref) => {
        fc.pre(matches(left, ref) && matches(right, ref));
        expect(refsOverlap(left, right)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe('globs within one another', () => {
  it.each([
    ['main', 'main', true],
    ['main', '*', true],
    ['release/1', '*', false],
    ['release/1', 'release/*', true],
    ['release/*', 'release/**', true],
    ['release/**', 'release/*', false],
    ['**', '*', false],
    ['a*', 'a**', true],
    ['*', 'main', false],
    ['main', 'mai', false],
  ])('%s in %s: %s', (inner, outer, expected) => {
    expect(refWithin(inner, outer)).toBe(expected);
  });

  it('match whatever the inner one matches', () => {
    fc.assert(
      fc.property(glob, glob, text, (inner, outer, ref) => {
        fc.pre(matches(inner, ref) && refWithin(inner, outer));
        expect(matches(outer, ref)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    [['main', 'release/**'], ['main'], ['main']],
    [['main'], ['**'], ['main']],
    [['release/**'], ['release/1', 'hotfix'], ['release/1']],
    [['main'], ['develop'], []],
    [['main'], [], []],
  ])('of %j and %j have in common %j', (left, right, expected) => {
    expect(commonRefs(left, right)).toEqual(expected);
  });
});
