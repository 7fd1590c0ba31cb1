import { Workload, WorkloadKind } from '../model/types';
import { compareConfiguration } from './configuration';
import { healthOf } from './health';
import { notRestoredBy } from './notRestored';
import { changePatch, fenceOf, restartedTemplate } from './patches';
import { rolloutOf } from './rollout';
import { troubleOfPod } from './trouble';

describe('rolloutOf', () => {
  const done = {
    observedGeneration: 2,
    replicas: 2,
    updatedReplicas: 2,
    readyReplicas: 2,
    availableReplicas: 2,
  };
  const missed = {
    type: 'Progressing',
    reason: 'ProgressDeadlineExceeded',
    lastUpdateTime: 't1',
  };
  const seenDaemons = {
    observedGeneration: 2,
    desiredNumberScheduled: 3,
    updatedNumberScheduled: 3,
    numberReady: 3,
    numberAvailable: 3,
  };

  it.each<[string, WorkloadKind, object, object, string]>([
    ['all there', 'Deployment', {}, done, 'complete'],
    [
      'not yet seen',
      'Deployment',
      {},
      { ...done, observedGeneration: 1 },
      'progressing',
    ],
    [
      'too few updated',
      'Deployment',
      {},
      { ...done, updatedReplicas: 1 },
      'progressing',
    ],
    [
      'old ones left',
      'Deployment',
      {},
      { ...done, replicas: 3 },
      'progressing',
    ],
    [
      'not available',
      'Deployment',
      {},
      { ...done, availableReplicas: 1 },
      'progressing',
    ],
    ['paused', 'Deployment', { paused: true }, done, 'paused'],
    [
      'too late',
      'Deployment',
      {},
      { ...done, updatedReplicas: 1, conditions: [missed] },
      'stuck',
    ],
    [
      'of one pod unless said',
      'Deployment',
      { replicas: undefined },
      { observedGeneration: 2 },
      'progressing',
    ],
    [
      'nothing wanted',
      'Deployment',
      { replicas: 0 },
      { observedGeneration: 2 },
      'complete',
    ],
    [
      'all there',
      'StatefulSet',
      {},
      { ...done, currentRevision: 'a', updateRevision: 'a' },
      'complete',
    ],
    [
      'old ones left',
      'StatefulSet',
      {},
      { ...done, currentRevision: 'a', updateRevision: 'b' },
      'progressing',
    ],
    [
      'no availability told',
      'StatefulSet',
      {},
      { ...done, availableReplicas: undefined },
      'complete',
    ],
    [
      'not ready',
      'StatefulSet',
      {},
      { ...done, readyReplicas: 1 },
      'progressing',
    ],
    ['all there', 'DaemonSet', {}, seenDaemons, 'complete'],
    [
      'one node behind',
      'DaemonSet',
      {},
      { ...seenDaemons, updatedNumberScheduled: 2 },
      'progressing',
    ],
    [
      'one not available',
      'DaemonSet',
      {},
      { ...seenDaemons, numberAvailable: 2 },
      'progressing',
    ],
  ])('%s: %s', (_, kind, spec, status, state) => {
    const workload = {
      metadata: { generation: 2 },
      spec: { replicas: 2, ...spec },
      status,
    } as Workload;

    expect(rolloutOf(kind, workload).state).toBe(state);
  });

  it('does not count a deadline that was missed before', () => {
    const workload = {
      metadata: { generation: 2 },
      spec: { replicas: 2 },
      status: { ...done, updatedReplicas: 1, conditions: [missed] },
    };

    expect(rolloutOf('Deployment', workload, 't1').state).toBe('progressing');
    expect(rolloutOf('Deployment', workload, 't0').state).toBe('stuck');
  });
});

describe('troubleOfPod', () => {
  const waiting = (reason: string, message?: string, more: object = {}) => ({
    containerStatuses: [
      { name: 'app', state: { waiting: { reason, message } }, ...more },
    ],
  });

  it.each<[string, object, object | undefined]>([
    [
      'an image that cannot be pulled',
      waiting('ErrImagePull', 'not found'),
      { reason: 'ErrImagePull', message: 'not found', lasting: false },
    ],
    [
      'one that was tried again',
      waiting('ImagePullBackOff', 'x'),
      { reason: 'ImagePullBackOff', lasting: true },
    ],
    [
      'a crash loop',
      waiting('CrashLoopBackOff', 'back-off', {
        lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
      }),
      { message: 'it ends with exit code 137 (OOMKilled)', lasting: true },
    ],
    [
      'a crash',
      {
        containerStatuses: [
          {
            name: 'app',
            state: { terminated: { exitCode: 1, reason: 'Error' } },
          },
        ],
      },
      { reason: 'Error', message: 'it ends with exit code 1', lasting: false },
    ],
    [
      'an init container',
      {
        initContainerStatuses: [
          {
            name: 'migrate',
            state: { waiting: { reason: 'CrashLoopBackOff' } },
          },
        ],
      },
      { container: 'migrate' },
    ],
    [
      'no node',
      {
        conditions: [
          {
            type: 'PodScheduled',
            status: 'False',
            reason: 'Unschedulable',
            message: '0/3',
          },
        ],
      },
      { reason: 'Unschedulable', message: '0/3', lasting: false },
    ],
    [
      'an eviction',
      { phase: 'Failed', reason: 'Evicted', message: 'disk' },
      { reason: 'Evicted' },
    ],
    [
      'a probe',
      {
        containerStatuses: [
          { name: 'app', ready: false, state: { running: {} } },
        ],
      },
      { reason: 'NotReady' },
    ],
    ['nothing while it starts', waiting('ContainerCreating'), undefined],
    [
      'nothing once it is done',
      {
        containerStatuses: [
          { name: 'app', state: { terminated: { exitCode: 0 } } },
        ],
      },
      undefined,
    ],
    ['nothing yet', {}, undefined],
  ])('tells %s', (_, status, expected) => {
    const trouble = troubleOfPod({ metadata: { name: 'p' }, status });

    expect(trouble ?? {}).toMatchObject(expected ?? {});
    expect(trouble === undefined).toBe(expected === undefined);
  });

  it('leaves a pod alone that is being deleted', () => {
    const pod = {
      metadata: { deletionTimestamp: 'now' },
      status: waiting('ImagePullBackOff'),
    };

    expect(troubleOfPod(pod)).toBeUndefined();
  });
});

describe('healthOf', () => {
  const workload = (ready: number, replicas = 2): Workload => ({
    spec: { replicas },
    status: { readyReplicas: ready, availableReplicas: ready },
  });
  const trouble = { reason: 'ImagePullBackOff', source: 'p', lasting: true };
  const late = { state: 'progressing', message: 'late' } as const;

  it.each([
    ['healthy', workload(2), { state: 'complete' } as const, [], undefined],
    ['degraded', workload(1), late, [], 'late'],
    ['unhealthy', workload(0), late, [trouble], 'ImagePullBackOff in p'],
    [
      'unknown',
      workload(0, 0),
      { state: 'complete' } as const,
      [],
      'It is scaled to zero: nothing runs.',
    ],
  ])('%s', (state, of, rollout, troubles, reason) => {
    expect(healthOf('Deployment', of, rollout, troubles)).toMatchObject({
      state,
      ...(reason && { reason }),
    });
  });
});

describe('compareConfiguration', () => {
  it('names what differs, and never a value', () => {
    const container = (env: object[], more: object = {}) => ({
      spec: { containers: [{ name: 'app', image: 'i', env, ...more }] },
    });

    const differences = compareConfiguration(
      container([
        { name: 'SAME', value: '1' },
        { name: 'HOST', value: 'secret-a' },
        { name: 'OLD', value: 'x' },
      ]),
      container(
        [
          { name: 'SAME', value: '1' },
          { name: 'HOST', value: 'secret-b' },
          { name: 'NEW', value: 'y' },
        ],
        { envFrom: [{ secretRef: { name: 'keys' } }] },
      ),
    );

    expect(differences).toEqual([
      { name: 'env HOST', change: 'changed' },
      { name: 'env NEW', change: 'added' },
      { name: 'env OLD', change: 'removed' },
      { name: 'secret reference keys', change: 'added' },
    ]);
    expect(JSON.stringify(differences)).not.toContain('secret-');
  });

  it('leaves out the image', () => {
    const of = (image: string) => ({
      spec: { containers: [{ name: 'app', image }] },
    });

    expect(compareConfiguration(of('a'), of('b'))).toEqual([]);
  });
});

describe('notRestoredBy', () => {
  it('names references once, in order', () => {
    const sentences = notRestoredBy(
      'Deployment',
      {},
      {
        spec: {
          containers: [
            {
              envFrom: [
                { configMapRef: { name: 'b' } },
                { configMapRef: { name: 'a' } },
              ],
            },
          ],
          initContainers: [
            { env: [{ valueFrom: { configMapKeyRef: { name: 'b' } } }] },
          ],
          volumes: [
            { secret: { secretName: 's' } },
            { projected: { sources: [{ configMap: { name: 'c' } }] } },
          ],
        },
      },
    );

    expect(sentences).toContain(
      'ConfigMaps keep the content they have now: a, b, c.',
    );
    expect(sentences).toContain('Secrets keep the content they have now: s.');
  });

  it.each([
    ['Argo CD', { annotations: { 'argocd.argoproj.io/tracking-id': 'x' } }],
    ['Flux', { labels: { 'kustomize.toolkit.fluxcd.io/name': 'x' } }],
  ])('warns of %s', (name, metadata) => {
    expect(notRestoredBy('DaemonSet', { metadata }, {}).join('\n')).toContain(
      `${name} manages`,
    );
  });

  it.each([
    [0, true],
    [1, false],
    [undefined, false],
  ])(
    'warns where no revision is kept (%s)',
    (revisionHistoryLimit, isWarned) => {
      const sentences = notRestoredBy(
        'Deployment',
        { spec: { revisionHistoryLimit } },
        {},
      );

      expect(/cannot be put back/.test(sentences.join())).toBe(isWarned);
    },
  );

  it('says nothing of replicas of a DaemonSet', () => {
    expect(notRestoredBy('DaemonSet', {}, {}).join('\n')).not.toContain(
      'replicas',
    );
  });
});

describe('changePatch', () => {
  const workload: Workload = {
    metadata: {
      resourceVersion: '7',
      annotations: {
        'deployment.kubernetes.io/revision': '3',
        'kubernetes.io/change-cause': 'third',
        mine: 'now',
      },
    },
  };
  const then = {
    'deployment.kubernetes.io/revision': '1',
    'kubernetes.io/change-cause': 'first',
    'example.test/note': 'then',
  };
  const author = { operationId: 'o', fence: 2 };
  const annotationsOf = (
    kind: WorkloadKind,
    annotations?: Record<string, string>,
  ) =>
    changePatch(kind, workload, { template: {}, annotations }, author)[1].value;

  it('holds the version that was read, and nothing besides template and annotations', () => {
    const patch = changePatch(
      'Deployment',
      workload,
      { template: { spec: {} } },
      author,
    );

    expect(patch.map(({ path }) => path)).toEqual([
      '/metadata/resourceVersion',
      '/metadata/annotations',
      '/spec/template',
    ]);
    expect(patch[0].value).toBe('7');
  });

  it('brings back what the ReplicaSet remembers, and keeps the controller’s own', () => {
    expect(annotationsOf('Deployment', then)).toEqual({
      'deployment.kubernetes.io/revision': '3',
      'kubernetes.io/change-cause': 'first',
      'example.test/note': 'then',
      'deploy.vvp.io/operation': 'o:2',
    });
  });

  it('brings back only the change cause of the other kinds', () => {
    expect(annotationsOf('StatefulSet', then)).toMatchObject({
      'kubernetes.io/change-cause': 'first',
      mine: 'now',
    });
    expect(annotationsOf('StatefulSet', {})).not.toHaveProperty([
      'kubernetes.io/change-cause',
    ]);
  });

  it('pauses and resumes', () => {
    const patch = changePatch(
      'Deployment',
      workload,
      { template: {}, paused: false },
      author,
    );

    expect(patch[3]).toEqual({ op: 'add', path: '/spec/paused', value: false });
  });
});

describe('fenceOf', () => {
  it.each([
    ['o:3', 3],
    ['o:x', undefined],
    ['other:3', undefined],
    [undefined, undefined],
  ])('%s', (mark, fence) => {
    const annotations =
      mark === undefined ? undefined : { 'deploy.vvp.io/operation': mark };

    expect(fenceOf({ metadata: { annotations } }, 'o')).toBe(fence);
  });
});

describe('restartedTemplate', () => {
  it('keeps all else', () => {
    const template = {
      metadata: { labels: { a: 'b' }, annotations: { c: 'd' } },
      spec: { containers: [] },
    };

    expect(restartedTemplate(template, 'T')).toEqual({
      ...template,
      metadata: {
        labels: { a: 'b' },
        annotations: { c: 'd', 'kubectl.kubernetes.io/restartedAt': 'T' },
      },
    });
  });
});
