import { isLive, readBackups, toRevisions } from './readBackups';

const health = { state: 'healthy' } as const;
const live = 'a'.repeat(64);
const same = 'a'.repeat(24);
const other = 'b'.repeat(24);

describe('readBackups', () => {
  it('leaves out what does not fit', () => {
    const seen = readBackups({
      live: 'short',
      wanted: live,
      backups: [
        ['a.xml.1', 1, same],
        ['../a.xml.2', 1, same],
        ['a.xml.3', 1, 'short'],
        ['a.xml.4', null, same],
      ],
    });

    expect(seen).toEqual({
      asked: live,
      liveAt: 0,
      backups: [{ name: 'a.xml.1', at: 1, hash: same }],
      more: false,
    });
  });
});

describe('toRevisions', () => {
  it('takes the newest of equal backups for the one that serves', () => {
    const revisions = toRevisions(
      {
        live,
        liveAt: 5,
        backups: [
          { name: 'new', at: 4, hash: other },
          { name: 'middle', at: 3, hash: same },
          { name: 'old', at: 2, hash: same },
        ],
        more: false,
      },
      health,
    );

    expect(
      revisions.filter(({ current }) => current).map(({ id }) => id),
    ).toEqual(['middle']);
  });

  it('tells nothing that serves where there is no file', () => {
    expect(
      toRevisions({ liveAt: 0, backups: [], more: false }, health),
    ).toEqual([]);
  });
});

describe('isLive', () => {
  it.each([
    [same, live, true],
    [live, live, true],
    [other, live, false],
    [undefined, live, false],
    [same, undefined, false],
    [undefined, undefined, false],
  ])('compares %p with %p', (hash, file, result) => {
    expect(isLive(hash, file)).toBe(result);
  });
});
