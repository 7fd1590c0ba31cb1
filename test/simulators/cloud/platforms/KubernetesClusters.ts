import { ApiError } from '../../kubernetes/api/ApiError';
import { applyDefaults } from '../../kubernetes/api/defaults';
import type { KubeObject } from '../../kubernetes/api/objects';
import { Cluster, isOwnedBy } from '../../kubernetes/controllers/Cluster';
import { reconcileDeployment } from '../../kubernetes/controllers/deployments';
import { workloadManifest } from '../../kubernetes/manifests';
import { CloudDeployment, isOver, Platform, TargetOf } from '../types';

type WorkloadDeployment = CloudDeployment<TargetOf<'kubernetes'>>;

/** Rounds in which the controller has made a ReplicaSet of a template. */
const ROUNDS = 10;

/** `kubectl set image`, and `kubectl create` for what is not there. */
export class KubernetesClusters implements Platform<'kubernetes'> {
  readonly #clusters: ReadonlyMap<string, Cluster>;

  /** By name of the connection. */
  constructor(clusters: ReadonlyMap<string, Cluster>) {
    this.#clusters = clusters;
  }

  async deploy(deployment: WorkloadDeployment): Promise<void> {
    const { target } = deployment;
    const { store } = this.#cluster(deployment);
    const found = store.find('Deployment', target.namespace, target.name);
    const wanted = manifestOf(deployment);
    if (found) {
      store.update({
        ...found,
        spec: { ...found.spec, template: wanted.spec.template },
      });
    } else {
      store.create(wanted);
    }
    if (isOver(deployment)) {
      this.#makeOld(deployment);
    }
  }

  async spoil(deployment: WorkloadDeployment): Promise<void> {
    const image = imageOf(manifestOf(deployment));
    this.#cluster(deployment).fates.set(image, 'crash');
  }

  async serving(deployment: WorkloadDeployment): Promise<string | undefined> {
    const { target } = deployment;
    const { store } = this.#cluster(deployment);
    const [most] = store
      .list('ReplicaSet', target.namespace)
      .filter(set =>
        (set.metadata.ownerReferences ?? []).some(
          owner => owner.name === target.name,
        ),
      )
      .sort((left, right) => readyOf(right) - readyOf(left));
    return most && readyOf(most) > 0 ? imageOf(most).split(':')[1] : undefined;
  }

  #cluster({ target }: WorkloadDeployment): Cluster {
    const cluster = this.#clusters.get(target.connection ?? '');
    if (!cluster) {
      throw new Error(`There is no cluster "${target.connection}".`);
    }
    return cluster;
  }

  /** The ReplicaSet of the template as if it had been made back then; its pods come up as ever. */
  #makeOld(deployment: WorkloadDeployment): void {
    const cluster = this.#cluster(deployment);
    const { namespace, name } = deployment.target;
    for (let round = 0; round < ROUNDS; round += 1) {
      const workload = cluster.store.get('Deployment', namespace, name);
      const set = cluster.store
        .list('ReplicaSet', namespace)
        .find(
          each =>
            isOwnedBy(each, workload) && imageOf(each) === imageOf(workload),
        );
      if (set) {
        const creationTimestamp = deployment.at
          .toISOString()
          .replace(/\.\d+Z$/, 'Z');
        cluster.store.update({
          ...set,
          metadata: { ...set.metadata, creationTimestamp },
        });
        return;
      }
      try {
        reconcileDeployment(cluster, workload);
      } catch (error) {
        // The next round sees what was written in between.
        if (!(error instanceof ApiError)) throw error;
      }
    }
    throw new Error(`The Deployment ${name} made no ReplicaSet.`);
  }
}

function manifestOf({ target, commit }: WorkloadDeployment): KubeObject {
  const { namespace, name } = target;
  const object = workloadManifest({
    kind: 'Deployment',
    name,
    image: `registry.example.test/${name}:${commit}`,
    env: [
      { name: 'GIT_SHA', value: commit },
      {
        name: 'LOG_LEVEL',
        valueFrom: {
          configMapKeyRef: { name: `${name}-settings`, key: 'log-level' },
        },
      },
    ],
  }) as KubeObject;
  object.metadata.namespace = namespace;
  object.status = {};
  applyDefaults(object);
  return object;
}

function imageOf({ spec }: KubeObject): string {
  return spec.template.spec.containers[0].image;
}

function readyOf({ status }: KubeObject): number {
  return status?.readyReplicas ?? 0;
}
