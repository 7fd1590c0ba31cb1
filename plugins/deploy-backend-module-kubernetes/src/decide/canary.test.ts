import { RevisionGroup } from '../model/releases';
import { Pod, WorkloadRevision } from '../model/types';
import { canaryHealth, shareOf, toPercent } from './canary';
import { mergeEntries, readEntries } from './logEntries';

function groupOf(name: string): RevisionGroup {
  const revision: WorkloadRevision = {
    name,
    uid: `uid-${name}`,
    number: 1,
    template: {},
    annotations: {},
    labels: {},
    conditions: [],
  };
  return { id: name, members: [revision] };
}

function podOf(
  owner: string,
  isReady: boolean,
  changed: { metadata?: object; status?: object } = {},
): Pod {
  return {
    metadata: {
      name: `${owner}-pod`,
      ownerReferences: [{ uid: `uid-${owner}`, controller: true }],
      ...changed.metadata,
    },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: isReady ? 'True' : 'False' }],
      ...changed.status,
    },
  };
}

const groups = ['new', 'old', 'older'].map(groupOf);

function share(pods: Pod[]) {
  return shareOf(groups, groups[0], pods);
}

describe('toPercent', () => {
  it.each([
    [1, 2, 2, 33],
    [2, 1, 1, 66],
    [0, 3, 3, 0],
    [1, 999, 999, 1],
    [999, 1, 1, 99],
    [2, 0, 1, 99],
    [2, 0, 0, 100],
  ])('of %s against %s, with %s left, is %s', (own, rest, left, percent) => {
    expect(toPercent(own, rest, left)).toBe(percent);
  });
});

describe('shareOf', () => {
  it('counts ready pods, and apart from them all that were ordered', () => {
    const seen = share([
      podOf('new', true),
      podOf('new', false),
      podOf('old', true),
      podOf('old', true),
    ]);

    expect(seen).toMatchObject({
      percent: 33,
      orderedPercent: 50,
      ready: 1,
      isAlone: false,
      stable: { id: 'old' },
    });
  });

  it.each<[string, Pod]>([
    [
      'ends',
      podOf('old', true, { metadata: { deletionTimestamp: '2026-11-21' } }),
    ],
    ['was evicted', podOf('old', false, { status: { phase: 'Failed' } })],
  ])('leaves out a pod that %s', (_, pod) => {
    const seen = share([podOf('new', true), pod]);

    expect(seen).toMatchObject({ percent: 100, isAlone: true });
    expect(seen).not.toHaveProperty('stable');
  });

  it('compares with the one that serves most', () => {
    const seen = share([
      podOf('new', true),
      podOf('old', false),
      podOf('older', true),
    ]);

    expect(seen.stable?.id).toBe('older');
  });
});

describe('canaryHealth', () => {
  const waiting = (reason: string) =>
    podOf('new', false, {
      status: {
        containerStatuses: [{ name: 'app', state: { waiting: { reason } } }],
      },
    });

  it.each<[string, string, Pod[]]>([
    ['healthy', 'all are ready', [podOf('new', true)]],
    ['degraded', 'some are ready', [podOf('new', true), podOf('new', false)]],
    ['unknown', 'none is ready yet', [waiting('ContainerCreating')]],
    ['unknown', 'there is none', []],
    ['unhealthy', 'none comes up', [waiting('CrashLoopBackOff')]],
    [
      'degraded',
      'some do not come up',
      [podOf('new', true), waiting('CrashLoopBackOff')],
    ],
    ['degraded', 'it may pass', [waiting('ErrImagePull')]],
  ])('is %s where %s', (state, _, pods) => {
    expect(canaryHealth({}, groups[0], share(pods)).state).toBe(state);
  });
});

describe('the log of several pods', () => {
  const one = readEntries(
    '2026-11-21T10:00:00.12Z first\n2026-11-21T12:00:00.3+02:00 fourth\n',
  );
  const other = readEntries(
    '2026-11-21T10:00:00.123Z second\n    at its second line\n2026-11-21T10:00:00.2Z third\n',
  );

  it('is in the order of time, whatever its precision and zone', () => {
    expect(mergeEntries([one, other], 100).map(({ text }) => text)).toEqual([
      'first',
      'second',
      '    at its second line',
      'third',
      'fourth',
    ]);
  });

  it('keeps the newest', () => {
    expect(mergeEntries([one, other], 2).map(({ text }) => text)).toEqual([
      'third',
      'fourth',
    ]);
  });

  it('tells no secret, also where it goes over two lines', () => {
    const lines = readEntries(
      '2026-11-21T10:00:00Z password:\n2026-11-21T10:00:01Z hunter2\n2026-11-21T10:00:02Z end\n',
    ).map(({ text }) => text);

    expect(lines.join('\n')).not.toContain('hunter2');
    expect(lines).toContain('end');
  });

  it.each([
    ['of a URL', 'cloning https://hunter2@git.example.test/a.git'],
    ['of a header', 'X-API-Key: hunter2'],
    ['of an option', 'ran migrate --password hunter2'],
    ['in JSON', '{"client_secret": "hunter2 hunter2"}'],
  ])('tells no secret %s', (_, text) => {
    const [line] = readEntries(`2026-11-21T10:00:00Z ${text}\n`);

    expect(line.text).toContain('***');
    expect(line.text).not.toContain('hunter2');
  });
});
