import { servesRelease } from './servesRelease';

const commit = 'a'.repeat(40);
const other = 'b'.repeat(40);
const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const image = (letter: string) => `registry.example.test/app@${digest(letter)}`;
const release = {
  commit,
  artifact: digest('1'),
  begunAt: '2026-01-05T12:00:00.000Z',
};
const before = '2026-01-05T11:59:59Z';

describe('servesRelease', () => {
  it.each([
    ['the commit', { commit }, true],
    ['the first digits of it', { commit: 'aaaaaaa' }, true],
    ['another commit from before', { commit: other, createdAt: before }, false],
    [
      'another commit in the same image',
      { commit: other, artifact: image('1'), createdAt: before },
      false,
    ],
    ['the digest alone', { artifact: image('1') }, true],
    [
      'another digest from before',
      { artifact: image('2'), createdAt: before },
      false,
    ],
    ['a tag', { artifact: 'registry.example.test/app:latest' }, undefined],
    ['nothing', {}, undefined],
    ['too few digits', { commit: 'bbb', createdAt: before }, undefined],
    [
      'another commit in a revision that the deployment made',
      { commit: other, createdAt: release.begunAt },
      undefined,
    ],
    ['another commit of unknown age', { commit: other }, undefined],
  ])('of %s', (_, revision, expected) => {
    expect(servesRelease(revision, release)).toBe(expected);
  });
});
