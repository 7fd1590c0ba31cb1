import { ApiError } from '../api/ApiError';
import { KubeObject } from '../api/objects';
import { Cluster } from './Cluster';
import { reconcileDaemonSet } from './daemonSets';
import { reconcileDeployment } from './deployments';
import { advancePod } from './pods';
import { reconcileReplicaSet } from './replicaSets';
import { reconcileStatefulSet } from './statefulSets';

type Reconcile = (cluster: Cluster, object: KubeObject) => void;

const CONTROLLERS: [string, Reconcile][] = [
  ['Deployment', reconcileDeployment],
  ['ReplicaSet', reconcileReplicaSet],
  ['StatefulSet', reconcileStatefulSet],
  ['DaemonSet', reconcileDaemonSet],
  ['Pod', advancePod],
];

/** How soon is seen what nobody wrote into the store. */
const IDLE_MS = 10;

/** Runs the controllers round by round: what one writes, the others see in the next round. */
export class ControlPlane {
  readonly #cluster: Cluster;
  #timer: NodeJS.Timeout | undefined;
  #seen: string | undefined;
  #nextLook = 0;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  start(everyMs: number): void {
    this.#timer = setInterval(() => this.round(), everyMs);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Where nothing has been written and no pod is about to change, only deadlines are left to look at. */
  round(): void {
    const { store } = this.#cluster;
    const now = Date.now();
    if (store.version === this.#seen && now < this.#nextLook) return;
    const before = store.version;
    this.#rounds();
    this.#seen = store.version === before ? before : undefined;
    this.#nextLook = this.#nextDue(now);
  }

  /** When the next pod goes on; fates and quotas may change meanwhile, and deadlines pass. */
  #nextDue(now: number): number {
    const { store, options } = this.#cluster;
    return store
      .list('Pod')
      .map(({ simulated }) => simulated.since + options.startMs)
      .filter(due => due > now)
      .reduce((first, due) => Math.min(first, due), now + IDLE_MS);
  }

  #rounds(): void {
    for (const [kind, reconcile] of CONTROLLERS) {
      for (const { metadata } of this.#cluster.store.list(kind)) {
        const { namespace, name } = metadata;
        const object = this.#cluster.store.find(kind, namespace, name);
        if (object) this.#reconcile(reconcile, object);
      }
    }
  }

  #reconcile(reconcile: Reconcile, object: KubeObject): void {
    try {
      reconcile(this.#cluster, object);
    } catch (error) {
      // Something was written in between: the next round sees it.
      if (!(error instanceof ApiError) || error.code !== 409) throw error;
    }
  }
}
