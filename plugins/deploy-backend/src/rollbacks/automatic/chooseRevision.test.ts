import { RevisionEntry } from '@vvp/backstage-plugin-deploy-common';
import { chooseRevision } from './chooseRevision';

const entry = (
  id: string,
  day: number | undefined,
  more: Partial<RevisionEntry> = {},
): RevisionEntry => ({
  id,
  current: false,
  commit: id.repeat(40),
  deployments: [],
  ...(day !== undefined && { lastDeployedAt: `2026-01-0${day}T12:00:00.000Z` }),
  ...more,
});

const current = entry('e', 5, { current: true });
const quarantine = { by: 'user:default/omar', reason: 'bad', since: 'today' };

describe('chooseRevision', () => {
  it.each([
    ['the one that ran last before', [current, entry('d', 4), entry('c', 3)]],
    [
      'by when it ran, not by when it was made',
      [current, entry('c', 3), entry('d', 4)],
    ],
    [
      'none in quarantine',
      [current, entry('x', 4, { quarantine }), entry('d', 3)],
    ],
    [
      'none whose revision is in quarantine, though its release is not',
      [
        current,
        entry('x', 4, {
          commit: 'd'.repeat(40),
          quarantine: { ...quarantine, revision: 'x' },
        }),
        entry('d', 4),
      ],
    ],
    [
      'none that cannot come back',
      [current, entry('x', 4, { unavailable: 'gone' }), entry('d', 3)],
    ],
    [
      'none that never worked here',
      [current, entry('x', undefined), entry('d', 3)],
    ],
    [
      'none of the release that is bad',
      [current, entry('x', 4, { commit: current.commit }), entry('d', 3)],
    ],
  ])('chooses %s', (_, revisions) => {
    expect(chooseRevision(revisions)?.id).toBe('d');
  });

  it('chooses none whose release was found bad here', () => {
    const stayed = entry('x', 4, { releaseId: 'release-x' });

    const chosen = chooseRevision(
      [current, stayed, entry('d', 3)],
      new Set(['release-x']),
    );

    expect(chosen?.id).toBe('d');
  });

  it.each([
    ['nothing is left', []],
    ['nothing else ever worked here', [entry('x', undefined)]],
    ['all else is in quarantine', [entry('x', 4, { quarantine })]],
  ])('chooses nothing where %s', (_, others) => {
    expect(chooseRevision([current, ...others])).toBeUndefined();
  });
});
