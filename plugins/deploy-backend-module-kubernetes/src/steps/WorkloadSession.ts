import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { KubernetesApi } from '../api/KubernetesApi';
import { formatLabelSelector } from '../model/labelSelector';
import { currentRevisionOf, podsOf, revisionsOf } from '../model/revisions';
import { Pod, Workload, WorkloadKind, WorkloadRevision } from '../model/types';

/** A workload and its revisions, as they were a moment ago. */
export interface Look {
  workload: Workload;
  /** Newest first. */
  revisions: WorkloadRevision[];
  /** Of the template that the workload has; absent until the controller has made one. */
  current?: WorkloadRevision;
}

/** One workload, looked at through one connection. */
export class WorkloadSession {
  readonly api: KubernetesApi;
  readonly kind: WorkloadKind;
  readonly name: string;
  /** `Deployment shop/api`. */
  readonly title: string;

  constructor(
    api: KubernetesApi,
    workload: { kind: WorkloadKind; namespace: string; name: string },
  ) {
    this.api = api;
    this.kind = workload.kind;
    this.name = workload.name;
    this.title = `${workload.kind} ${workload.namespace}/${workload.name}`;
  }

  async look(): Promise<Look> {
    const workload = await this.api.readWorkload(this.kind, this.name);
    const objects = await this.api.listRevisionObjects(
      this.kind,
      this.#selector(workload),
    );
    const revisions = revisionsOf(this.kind, workload, objects);
    return {
      workload,
      revisions,
      current: currentRevisionOf(workload, revisions),
    };
  }

  /** Pods that the workload made, of all its revisions. */
  async pods(look: Look): Promise<Pod[]> {
    const pods = await this.api.listPods(this.#selector(look.workload));
    return podsOf(look.workload, look.revisions, pods);
  }

  #selector(workload: Workload): string {
    const selector = formatLabelSelector(workload.spec?.selector);
    if (selector === undefined) {
      throw new TargetError(
        'invalid',
        `The selector of ${this.title} cannot be used.`,
        { remedy: 'Give it matchLabels.' },
      );
    }
    return selector;
  }
}
