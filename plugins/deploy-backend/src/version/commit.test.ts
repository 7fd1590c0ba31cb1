import { asCommit, isSameCommit, valueAt } from './commit';

const FULL = '1f2e3d4c5b6a79880123456789abcdef01234567';

describe('valueAt', () => {
  const answer = {
    git_sha: FULL,
    builds: [{ commit: 'first' }, { 'git-commit': 'second' }],
    nothing: null,
  };

  it.each([
    ['$.git_sha', FULL],
    ['$.builds[0].commit', 'first'],
    ['$.builds[1].git-commit', 'second'],
    ['$.builds[01].git-commit', 'second'],
    ['$.builds[2].commit', undefined],
    ['$.builds.length', undefined],
    ['$.builds.commit', undefined],
    ['$.git_sha.length', undefined],
    ['$.git_sha[0]', undefined],
    ['$.nothing.git_sha', undefined],
    ['$.constructor.name', undefined],
    ['$.__proto__', undefined],
    ['$.toString', undefined],
  ])('at %s: %s', (path, value) => {
    expect(valueAt(answer, path)).toBe(value);
  });

  it('reads a list at the top', () => {
    expect(valueAt([{ sha: 'x' }], '$[0].sha')).toBe('x');
  });
});

describe('asCommit', () => {
  it.each([
    [FULL, FULL],
    [FULL.toUpperCase(), FULL],
    [` ${FULL}\n`, FULL],
    ['1f2e3d4', '1f2e3d4'],
    ['a'.repeat(64), 'a'.repeat(64)],
    ['1f2e3d', undefined],
    ['a'.repeat(41), undefined],
    ['unknown', undefined],
    ['v1.2.3', undefined],
    ['', undefined],
    [1234567, undefined],
    [undefined, undefined],
    [{ sha: FULL }, undefined],
  ])('takes %j as %s', (value, commit) => {
    expect(asCommit(value)).toBe(commit);
  });
});

describe('isSameCommit', () => {
  it.each([
    [FULL, FULL, true],
    [FULL, FULL.slice(0, 7), true],
    [FULL.slice(0, 12), FULL.toUpperCase(), true],
    [FULL, '1f2e3d5', false],
    [FULL.slice(0, 6), FULL, false],
    ['', FULL, false],
  ])('of %s and %s: %s', (one, other, same) => {
    expect(isSameCommit(one, other)).toBe(same);
  });
});
