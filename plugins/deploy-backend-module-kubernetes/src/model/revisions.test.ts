import { equalTemplates } from './equalTemplates';
import { groupRevisions } from './releases';
import { currentRevisionOf, isPodOf, revisionsOf } from './revisions';
import { RevisionObject, Workload } from './types';

const owner = { uid: 'w', controller: true };

function template(image: string, extra: object = {}) {
  return {
    metadata: { labels: { app: 'api' }, ...extra },
    spec: { containers: [{ name: 'app', image }] },
  };
}

function replicaSet(
  name: string,
  number: string,
  image: string,
  extra: object = {},
): RevisionObject {
  const inner = template(image, extra);
  return {
    metadata: {
      name,
      uid: `uid-${name}`,
      ownerReferences: [owner],
      annotations: { 'deployment.kubernetes.io/revision': number },
    },
    spec: {
      template: {
        ...inner,
        metadata: {
          ...inner.metadata,
          labels: { app: 'api', 'pod-template-hash': name },
        },
      },
    },
  };
}

const workload: Workload = {
  metadata: { uid: 'w' },
  spec: { template: template('i:1') },
};

describe('revisionsOf', () => {
  it('takes the workload’s own, newest number first', () => {
    const foreign = replicaSet('x', '9', 'i:9');
    foreign.metadata!.ownerReferences = [{ uid: 'other', controller: true }];

    const revisions = revisionsOf('Deployment', workload, [
      replicaSet('a', '10', 'i:1'),
      replicaSet('b', '9', 'i:2'),
      foreign,
    ]);

    expect(revisions.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(revisions[0].template).toEqual(template('i:1'));
  });

  it.each<[string, RevisionObject]>([
    [
      'no owner',
      { ...replicaSet('a', '1', 'i'), metadata: { name: 'a', uid: 'u' } },
    ],
    [
      'an owner that is no controller',
      {
        ...replicaSet('a', '1', 'i'),
        metadata: {
          name: 'a',
          uid: 'u',
          ownerReferences: [{ uid: 'w' }],
          annotations: { 'deployment.kubernetes.io/revision': '1' },
        },
      },
    ],
    ['no number', { ...replicaSet('a', 'x', 'i') }],
    ['no template', { ...replicaSet('a', '1', 'i'), spec: {} }],
  ])('leaves out what has %s', (_, object) => {
    expect(revisionsOf('Deployment', workload, [object])).toEqual([]);
  });

  it('reads the template out of a ControllerRevision’s patch', () => {
    const [revision] = revisionsOf('StatefulSet', workload, [
      {
        metadata: { name: 'a', uid: 'u', ownerReferences: [owner] },
        revision: 3,
        data: { spec: { template: { ...template('i:1'), $patch: 'replace' } } },
      },
    ]);

    expect(revision).toMatchObject({ number: 3, template: template('i:1') });
    expect(revision.template).not.toHaveProperty('$patch');
  });
});

describe('currentRevisionOf', () => {
  it('goes by the template, not by the number', () => {
    const revisions = revisionsOf('Deployment', workload, [
      replicaSet('new', '2', 'i:2'),
      replicaSet('old', '1', 'i:1'),
    ]);

    expect(currentRevisionOf(workload, revisions)?.name).toBe('old');
  });

  it('is not known for a template that was never rolled out', () => {
    const revisions = revisionsOf('Deployment', workload, [
      replicaSet('new', '2', 'i:2'),
    ]);

    expect(currentRevisionOf(workload, revisions)).toBeUndefined();
  });
});

describe('groupRevisions', () => {
  const restarted = (time: string) => ({
    annotations: { 'kubectl.kubernetes.io/restartedAt': time },
  });

  it('shows restarts as one, by the name of what was restarted', () => {
    const revisions = revisionsOf('Deployment', workload, [
      replicaSet('r2', '4', 'i:1', restarted('2026-01-02')),
      replicaSet('b', '3', 'i:2'),
      replicaSet('r1', '2', 'i:1', restarted('2026-01-01')),
      replicaSet('zero', '1', 'i:1'),
    ]);

    const groups = groupRevisions(revisions);

    expect(
      groups.map(({ id, members }) => [id, members.map(({ name }) => name)]),
    ).toEqual([
      ['zero', ['r2', 'r1', 'zero']],
      ['b', ['b']],
    ]);
  });
});

describe('equalTemplates', () => {
  it.each<[string, any, any, boolean]>([
    [
      'the hash of the controller',
      { metadata: { labels: { a: 'b', 'pod-template-hash': 'x' } } },
      { metadata: { labels: { a: 'b' } } },
      true,
    ],
    [
      'what is absent, empty or null',
      {
        metadata: { annotations: {}, creationTimestamp: null },
        spec: { volumes: [] },
      },
      {},
      true,
    ],
    [
      'the order of fields',
      { spec: { containers: [{ name: 'a', image: 'i' }] } },
      { spec: { containers: [{ image: 'i', name: 'a' }] } },
      true,
    ],
    [
      'the order of containers',
      { spec: { containers: [{ name: 'a' }, { name: 'b' }] } },
      { spec: { containers: [{ name: 'b' }, { name: 'a' }] } },
      false,
    ],
    [
      'an image',
      { spec: { containers: [{ image: 'a' }] } },
      { spec: { containers: [{ image: 'b' }] } },
      false,
    ],
    ['false and absent', { spec: { hostNetwork: false } }, { spec: {} }, false],
  ])('%s', (_, a, b, isEqual) => {
    expect(equalTemplates(a, b)).toBe(isEqual);
  });
});

describe('isPodOf', () => {
  const revision = {
    name: 'web-5d4f',
    uid: 'r',
    number: 1,
    template: {},
    annotations: {},
    labels: { 'controller-revision-hash': '5d4f' },
    conditions: [],
  };

  it.each([
    [
      'a pod of its ReplicaSet',
      { ownerReferences: [{ uid: 'r', controller: true }] },
      true,
    ],
    [
      'a pod of a StatefulSet',
      { labels: { 'controller-revision-hash': 'web-5d4f' } },
      true,
    ],
    [
      'a pod of a DaemonSet',
      { labels: { 'controller-revision-hash': '5d4f' } },
      true,
    ],
    [
      'a pod of another revision',
      { labels: { 'controller-revision-hash': 'web-77' } },
      false,
    ],
    ['a pod without a mark', {}, false],
  ])('%s', (_, metadata, expected) => {
    expect(isPodOf({ metadata }, revision)).toBe(expected);
  });
});
