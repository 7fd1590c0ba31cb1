import { checkReleaseName, readReleases, toRevisions } from './readRelease';

const health = { state: 'healthy' } as const;

describe('readReleases', () => {
  it('leaves out what does not fit', () => {
    const seen = readReleases({
      current: '../up',
      release: 'whatever',
      releases: [
        ['good', 1, 'complete'],
        ['half', 2, 'incomplete'],
        ['../bad', 3, 'complete'],
        ['late', 'x', 'complete'],
        'text',
        null,
      ],
      more: 1,
    });

    expect(seen).toEqual({
      asked: 'absent',
      releases: [
        { name: 'good', at: 1, complete: true },
        { name: 'half', at: 2, complete: false },
      ],
      more: true,
    });
  });

  it('reads nothing out of nothing', () => {
    expect(readReleases({})).toEqual({
      asked: 'absent',
      releases: [],
      more: false,
    });
  });
});

describe('toRevisions', () => {
  it('keeps the release that serves among the newest hundred', () => {
    const releases = Array.from({ length: 150 }, (_, index) => ({
      name: `r${index}`,
      at: 1_000 - index,
      complete: true,
    }));

    const revisions = toRevisions({ current: 'r140', releases }, health);

    expect(revisions).toHaveLength(100);
    expect(revisions.filter(({ current }) => current)).toEqual([
      expect.objectContaining({ id: 'r140', health: 'healthy' }),
    ]);
  });

  it('tells a release that serves although its directory is gone', () => {
    expect(toRevisions({ current: 'lost', releases: [] }, health)).toEqual([
      {
        id: 'lost',
        current: true,
        health: 'healthy',
        unavailable: 'Its directory is gone.',
      },
    ]);
  });
});

describe('checkReleaseName', () => {
  it.each(['', '.', '..', 'a/b', '-rf', 'a b', 'a\nb', 'x'.repeat(129)])(
    'refuses %j',
    name => {
      expect(() => checkReleaseName(name)).toThrow(
        expect.objectContaining({ kind: 'not-found' }),
      );
    },
  );

  it.each(['a'.repeat(40), 'v1.2.3', '2026-02-07_1'])('takes %j', name => {
    expect(() => checkReleaseName(name)).not.toThrow();
  });
});
