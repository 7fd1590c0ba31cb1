import { isRolledOut } from '../PipelineClient';
import { workloadManifest } from '../manifests';
import { Recorder } from './Driver';

const APPS = '/apis/apps/v1/namespaces/oracle';
const CORE = '/api/v1/namespaces/oracle';
const DEPLOYMENT = `${APPS}/deployments/api`;
const JSON_PATCH = 'application/json-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const CAUSE = 'kubernetes.io/change-cause';

function image(tag: string): string {
  return `registry.example.test/api:${tag}`;
}

/**
 * What the target and a pipeline do to a cluster, from the first deployment to the failures. The same
 * script was played against a real API server, whose answers are kept, and is played against the simulator.
 */
export async function playSession(recorder: Recorder): Promise<void> {
  await recorder.driver.setFate(image('broken'), 'never-pull');
  await playDeployment(recorder);
  await playRefusals(recorder);
  await playQuota(recorder);
  await playStatefulSet(recorder);
  await playDaemonSet(recorder);
}

async function playDeployment(recorder: Recorder): Promise<void> {
  recorder.step('create a Deployment');
  await recorder.send('POST', `${APPS}/deployments`, {
    body: workloadManifest({
      kind: 'Deployment',
      name: 'api',
      image: image('1'),
      replicas: 4,
      annotations: { [CAUSE]: 'first' },
      spec: { progressDeadlineSeconds: 4 },
    }),
  });
  await lookWhenRolledOut(recorder);

  recorder.step('roll to the second release');
  await setImage(recorder, '2', 'second');
  await lookWhenRolledOut(recorder);

  recorder.step('put the first release back');
  await putBack(recorder, '1');
  await lookWhenRolledOut(recorder);

  recorder.step('roll to a release whose image is not there');
  await setImage(recorder, 'broken', 'broken');
  await recorder.until(DEPLOYMENT, ({ status }) =>
    status.conditions.some(
      ({ reason }: any) => reason === 'ProgressDeadlineExceeded',
    ),
  );
  await look(recorder);

  recorder.step('put the second release back after the deadline was missed');
  await putBack(recorder, '2');
  await lookWhenRolledOut(recorder);

  recorder.step('restart');
  await recorder.send('PATCH', DEPLOYMENT, {
    contentType: STRATEGIC,
    body: {
      spec: {
        template: {
          metadata: {
            annotations: {
              'kubectl.kubernetes.io/restartedAt': '2026-11-21T10:00:00Z',
            },
          },
        },
      },
    },
  });
  await lookWhenRolledOut(recorder);

  recorder.step('pause, and change the template');
  await recorder.send('PATCH', DEPLOYMENT, {
    contentType: 'application/merge-patch+json',
    body: { spec: { paused: true } },
  });
  await recorder.until(
    DEPLOYMENT,
    ({ metadata, status }) =>
      status.observedGeneration === metadata.generation &&
      status.conditions.some(
        ({ reason }: any) => reason === 'DeploymentPaused',
      ),
  );
  await setImage(recorder, '3', 'third');
  await look(recorder);

  recorder.step('put the first release back and resume in one patch');
  await putBack(recorder, '1', {
    op: 'add',
    path: '/spec/paused',
    value: false,
  });
  await lookWhenRolledOut(recorder);

  recorder.step('keep two earlier revisions only: the first made go first');
  await recorder.send('PATCH', DEPLOYMENT, {
    contentType: 'application/merge-patch+json',
    body: { spec: { revisionHistoryLimit: 2 } },
  });
  await lookWhenRolledOut(recorder);
}

async function playRefusals(recorder: Recorder): Promise<void> {
  recorder.step('refusals');
  await recorder.send('GET', `${APPS}/deployments/nothing`);
  await recorder.send('PATCH', `${APPS}/deployments/nothing`, {
    contentType: JSON_PATCH,
    body: [],
  });
  await recorder.send('GET', DEPLOYMENT, { as: 'nobody' });
  await recorder.send('GET', DEPLOYMENT, { as: 'stranger' });
  await recorder.send('GET', `${APPS}/replicasets`, { as: 'stranger' });
  await recorder.send('PATCH', DEPLOYMENT, {
    contentType: JSON_PATCH,
    body: [],
    as: 'stranger',
  });
  await recorder.send('PATCH', DEPLOYMENT, {
    contentType: JSON_PATCH,
    body: [
      { op: 'replace', path: '/metadata/resourceVersion', value: '1' },
      { op: 'add', path: '/metadata/annotations', value: {} },
    ],
  });
  await recorder.send('PATCH', DEPLOYMENT, {
    contentType: JSON_PATCH,
    body: [{ op: 'test', path: '/metadata/name', value: 'other' }],
  });
  await recorder.send('PATCH', DEPLOYMENT, {
    contentType: JSON_PATCH,
    body: [{ op: 'replace', path: '/spec/nowhere/else', value: 1 }],
  });
  await recorder.send('PATCH', DEPLOYMENT, {
    contentType: 'application/x-unknown',
    body: {},
  });
  await recorder.send('PATCH', DEPLOYMENT, {
    contentType: STRATEGIC,
    body: {
      spec: {
        template: { spec: { containers: [{ name: 'app', image: '' }] } },
      },
    },
  });
  await recorder.send('PATCH', DEPLOYMENT, {
    contentType: 'application/merge-patch+json',
    body: { spec: { template: { metadata: { labels: { app: 'other' } } } } },
  });
  await recorder.send('POST', `${APPS}/deployments`, {
    body: workloadManifest({
      kind: 'Deployment',
      name: 'api',
      image: image('1'),
    }),
  });
  await recorder.send('GET', `${APPS}/nonsense`);
  await recorder.send('DELETE', `${CORE}/pods/nothing`);
}

async function playQuota(recorder: Recorder): Promise<void> {
  const apps = '/apis/apps/v1/namespaces/oracle-quota/deployments';
  recorder.step('a quota that leaves no room');
  await recorder.driver.setQuota('oracle-quota', 1);
  await recorder.send('POST', apps, {
    body: workloadManifest({
      kind: 'Deployment',
      name: 'full',
      image: image('1'),
      replicas: 2,
    }),
  });
  await recorder.until(
    `${apps}/full`,
    ({ status }) =>
      status.availableReplicas === 1 &&
      status.conditions?.some(({ type }: any) => type === 'ReplicaFailure'),
  );
  await recorder.settled(`${apps}/full`);
  await recorder.send('GET', `${apps}/full`);
  await recorder.send(
    'GET',
    '/apis/apps/v1/namespaces/oracle-quota/replicasets',
  );
}

async function playStatefulSet(recorder: Recorder): Promise<void> {
  const set = `${APPS}/statefulsets/store`;
  const showAll = async () => {
    await recorder.settled(set);
    await recorder.send('GET', set);
    await recorder.send(
      'GET',
      `${APPS}/controllerrevisions?labelSelector=app%3Dstore`,
    );
    await recorder.send('GET', `${CORE}/pods?labelSelector=app%3Dstore`);
  };
  const roll = (tag: string) =>
    recorder.send('PATCH', set, {
      contentType: STRATEGIC,
      body: {
        spec: {
          template: {
            spec: { containers: [{ name: 'app', image: image(tag) }] },
          },
        },
      },
    });
  recorder.step('create a StatefulSet');
  await recorder.send('POST', `${APPS}/statefulsets`, {
    body: workloadManifest({
      kind: 'StatefulSet',
      name: 'store',
      image: image('1'),
    }),
  });
  await recorder.until(set, isRolledOut);
  await showAll();

  recorder.step('roll the StatefulSet');
  await roll('2');
  await recorder.until(set, isRolledOut);
  await showAll();

  recorder.step('roll the StatefulSet to an image that is not there');
  await roll('broken');
  await showAll();

  recorder.step('take that back: the pod that never comes up is waited for');
  await roll('2');
  await showAll();

  recorder.step('delete that pod');
  await recorder.send('DELETE', `${CORE}/pods/store-1`);
  await recorder.until(set, isRolledOut);
  await showAll();
}

async function playDaemonSet(recorder: Recorder): Promise<void> {
  const set = `${APPS}/daemonsets/agent`;
  const showAll = async () => {
    await recorder.until(set, isRolledOut);
    await recorder.settled(set);
    await recorder.send('GET', set);
    await recorder.send(
      'GET',
      `${APPS}/controllerrevisions?labelSelector=app%3Dagent`,
    );
  };
  recorder.step('create a DaemonSet');
  await recorder.send('POST', `${APPS}/daemonsets`, {
    body: workloadManifest({
      kind: 'DaemonSet',
      name: 'agent',
      image: image('1'),
    }),
  });
  await showAll();

  for (const tag of ['2', '1']) {
    recorder.step(`set the image of the DaemonSet to ${tag}`);
    await recorder.send('PATCH', set, {
      contentType: STRATEGIC,
      body: {
        spec: {
          template: {
            spec: { containers: [{ name: 'app', image: image(tag) }] },
          },
        },
      },
    });
    await showAll();
  }
}

async function setImage(
  recorder: Recorder,
  tag: string,
  cause: string,
): Promise<void> {
  await recorder.send('PATCH', DEPLOYMENT, {
    contentType: STRATEGIC,
    body: {
      metadata: { annotations: { [CAUSE]: cause } },
      spec: {
        template: {
          spec: { containers: [{ name: 'app', image: image(tag) }] },
        },
      },
    },
  });
}

/** As the target does it. */
async function putBack(
  recorder: Recorder,
  tag: string,
  ...more: object[]
): Promise<void> {
  const { body: sets } = await recorder.send(
    'GET',
    `${APPS}/replicasets?labelSelector=app%3Dapi`,
  );
  const set = sets.items.find(
    ({ spec }: any) =>
      spec.template.spec.containers[0].image === image(tag) &&
      !spec.template.metadata.annotations,
  );
  const { 'pod-template-hash': _hash, ...labels } =
    set.spec.template.metadata.labels;
  const template = {
    ...set.spec.template,
    metadata: { ...set.spec.template.metadata, labels },
  };
  const { body } = await recorder.send('GET', DEPLOYMENT);
  await recorder.send('PATCH', DEPLOYMENT, {
    contentType: JSON_PATCH,
    body: [
      {
        op: 'replace',
        path: '/metadata/resourceVersion',
        value: body.metadata.resourceVersion,
      },
      {
        op: 'add',
        path: '/metadata/annotations',
        value: {
          'deployment.kubernetes.io/revision':
            body.metadata.annotations['deployment.kubernetes.io/revision'],
          [CAUSE]: set.metadata.annotations[CAUSE],
        },
      },
      { op: 'replace', path: '/spec/template', value: template },
      ...more,
    ],
  });
}

async function lookWhenRolledOut(recorder: Recorder): Promise<void> {
  await recorder.until(DEPLOYMENT, isRolledOut);
  await look(recorder);
}

async function look(recorder: Recorder): Promise<void> {
  await recorder.settled(DEPLOYMENT);
  await recorder.send('GET', DEPLOYMENT);
  await recorder.send('GET', `${APPS}/replicasets?labelSelector=app%3Dapi`);
}
