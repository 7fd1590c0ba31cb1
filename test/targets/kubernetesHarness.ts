import {
  KubernetesTarget,
  type KubernetesSpec,
} from '@vvp/backstage-plugin-deploy-backend-module-kubernetes';
import {
  CanaryTargetHarness,
  TargetHarness,
} from '@vvp/backstage-plugin-deploy-node/testUtils';
import {
  KubernetesSimulator,
  OpenApiValidator,
} from '../simulators/kubernetes';
import { PipelineClient } from '../simulators/kubernetes/PipelineClient';
import { workloadManifest } from '../simulators/kubernetes/manifests';
import type { KubeObject } from '../simulators/kubernetes/api/objects';

export const NAMESPACE = 'shop';
export const NAME = 'api';

type Kind = NonNullable<KubernetesSpec['workload']>;

/** More of the platform than the kit needs. */
export interface KubernetesHarness extends TargetHarness<KubernetesSpec> {
  simulator: KubernetesSimulator;
  pipeline: PipelineClient;
  /** Plural, as in paths. */
  resource: string;
}

export function imageOf(release: number | string): string {
  return `registry.example.test/api:${release}`;
}

/** Reads what serves from pods and owners, past all code of the plugin. */
class Platform {
  readonly #pipeline: PipelineClient;
  readonly #kind: Kind;
  readonly #resource: string;

  constructor(pipeline: PipelineClient, kind: Kind, resource: string) {
    this.#pipeline = pipeline;
    this.#kind = kind;
    this.#resource = resource;
  }

  async settled(): Promise<string> {
    await this.#pipeline.untilRolledOut(this.#resource, NAME);
    return this.serving(NAME);
  }

  /** The revision that every ready pod of the workload is of; those that are restarts go by the first. */
  async serving(name: string): Promise<string> {
    const isDeployment = this.#kind === 'Deployment';
    const revisions = (
      await this.#pipeline.list(
        isDeployment ? 'replicasets' : 'controllerrevisions',
      )
    ).filter(({ metadata }) => metadata.ownerReferences?.[0].name === name);
    const pods = (await this.#pipeline.list('pods')).filter(
      ({ status }) => status.containerStatuses?.[0]?.ready,
    );
    const names = new Set<string>();
    for (const revision of revisions) {
      const own = pods.filter(pod => isOf(pod, revision));
      if (own.length > 0) names.add(firstOf(revision, revisions));
    }
    return [...names].sort().join(' and ');
  }
}

/** A cluster with a workload that has three releases behind it, and one with the same labels beside it. */
export async function startKubernetesHarness(
  kind: Kind,
  options: { validator?: OpenApiValidator; spec?: object } = {},
): Promise<KubernetesHarness> {
  const simulator = await KubernetesSimulator.start({
    roundMs: 1,
    startMs: 2,
    // The cluster finds that a deadline was missed before the portal does.
    timeScale: 2,
    validator: options.validator,
  });
  const pipeline = new PipelineClient(
    simulator.url,
    'pipeline-token',
    NAMESPACE,
  );
  const resource = `${kind.toLowerCase()}s`;
  const platform = new Platform(pipeline, kind, resource);
  // A workload whose revisions the selector finds, too: only the owner tells them apart.
  await pipeline.create(
    resource,
    workloadManifest({
      kind,
      name: 'other',
      image: imageOf('other'),
      labels: { app: NAME, track: 'other' },
    }),
  );
  await pipeline.create(
    resource,
    workloadManifest({
      kind,
      name: NAME,
      image: imageOf(1),
      spec: options.spec,
      env: [
        {
          name: 'PASSWORD',
          valueFrom: { secretKeyRef: { name: 'api-secret', key: 'password' } },
        },
        {
          name: 'SETTING',
          valueFrom: { configMapKeyRef: { name: 'api-settings', key: 'a' } },
        },
      ],
    }),
  );
  await pipeline.untilRolledOut(resource, 'other');
  const foreign = await platform.serving('other');
  const names = [await platform.settled()];
  for (const release of [2, 3]) {
    await pipeline.setImage(resource, NAME, imageOf(release));
    names.push(await platform.settled());
  }
  const images = new Map(
    names.map((name, index) => [name, imageOf(index + 1)]),
  );
  simulator.requests.length = 0;
  const connection = {
    name: 'local',
    repositories: ['example-org/*'],
    access: {
      type: 'server' as const,
      server: simulator.url,
      token: 'portal-token',
    },
  };
  let pushed = 0;
  return {
    simulator,
    pipeline,
    resource,
    target: new KubernetesTarget([connection], {
      patience: { pollMs: 5, lastingTroubleMs: 60, stallSeconds: 3 },
    }),
    environment: {
      entityRef: 'component:default/api',
      repository: 'example-org/shop',
      environment: 'production',
      tier: 'production',
      target: {
        type: 'kubernetes',
        namespace: NAMESPACE,
        workload: kind,
        name: NAME,
      },
    },
    revisions: {
      current: names[2],
      previous: names[1],
      older: names[0],
      gone: `${NAME}-gone`,
      foreign,
    },
    serving: () => platform.serving(NAME),
    async changes() {
      return simulator.requests.filter(
        ({ user, method }) => user === 'portal' && method !== 'GET',
      ).length;
    },
    async push() {
      pushed += 1;
      await pipeline.setImage(resource, NAME, imageOf(`pushed-${pushed}`));
      return platform.settled();
    },
    faults: {
      denyChanges: async () => simulator.denyChanges('portal'),
      rejectCredentials: async () => simulator.rejectCredentials(),
      neverHealthy: async revision =>
        simulator.setFate(images.get(revision) ?? '', 'never-pull'),
      throttle: async requests => simulator.throttle(requests),
      cutNextChange: async () => simulator.cutNextChange(),
      clear: async () => simulator.clearFaults(),
    },
    stop: () => simulator.stop(),
  };
}

function isOf(pod: KubeObject, { metadata }: KubeObject): boolean {
  const hash = pod.metadata.labels?.['controller-revision-hash'];
  return (
    pod.metadata.ownerReferences?.[0].uid === metadata.uid ||
    (hash !== undefined &&
      [metadata.name, metadata.labels?.['controller-revision-hash']].includes(
        hash,
      ))
  );
}

function firstOf(revision: KubeObject, all: KubeObject[]): string {
  const same = all.filter(other => imageIn(other) === imageIn(revision));
  const restartedAt = (object: KubeObject): string =>
    templateIn(object).metadata.annotations?.[
      'kubectl.kubernetes.io/restartedAt'
    ] ?? '';
  return same.sort((a, b) => (restartedAt(a) < restartedAt(b) ? -1 : 1))[0]
    .metadata.name;
}

function imageIn(object: KubeObject): string {
  return templateIn(object).spec.containers[0].image;
}

function templateIn({ spec, data }: KubeObject): any {
  return (spec ?? data.spec).template;
}

/** Full SHA of the release that comes in as a canary. */
export const CANARY_COMMIT = 'e'.repeat(40);

/**
 * The same, for canaries of a Deployment. Its new pods come up while it is paused only, until the portal has
 * paused it: else the simulated rollout would be over before anybody looks.
 */
export async function startCanaryHarness(
  options: Parameters<typeof startKubernetesHarness>[1] = {},
): Promise<KubernetesHarness & CanaryTargetHarness<KubernetesSpec>> {
  const harness = await startKubernetesHarness('Deployment', options);
  const { simulator, pipeline, resource } = harness;
  const { cluster } = simulator;
  const image = imageOf(CANARY_COMMIT);
  const own = () =>
    cluster.store
      .list('Pod', NAMESPACE)
      .filter(pod => pod.spec.containers[0].image === image);
  const isReady = (pod: KubeObject) =>
    pod.status.containerStatuses?.[0]?.ready === true;
  let isFree = false;
  let hasBegun = false;
  cluster.holdsBack = pod => {
    if (pod.spec.containers[0].image !== image || isFree) {
      return false;
    }
    const { paused } = cluster.store.get('Deployment', NAMESPACE, NAME).spec;
    isFree = hasBegun && paused === true;
    return paused !== true;
  };
  return {
    ...harness,
    canary: {
      percent: 40,
      async begin() {
        await pipeline.setImage(resource, NAME, image);
        await pipeline.until(resource, NAME, () => own().length > 0);
        await pipeline.patch(resource, NAME, { spec: { paused: true } });
        await pipeline.until(resource, NAME, () => own().every(isReady));
        hasBegun = true;
        const [set] = (await pipeline.list('replicasets')).filter(
          object => imageIn(object) === image,
        );
        return { revision: set.metadata.name, commit: CANARY_COMMIT };
      },
      async share(revision) {
        const pods = (await pipeline.list('pods')).filter(
          ({ metadata, status }) =>
            metadata.labels?.track !== 'other' &&
            status.containerStatuses?.[0]?.ready,
        );
        const { length } = pods.filter(
          ({ metadata }) => metadata.ownerReferences?.[0].name === revision,
        );
        return Math.floor((length * 100) / pods.length);
      },
    },
  };
}
