import {
  AppsV1Api,
  Configuration,
  CoreV1Api,
  createConfiguration,
  HttpInfo,
  PatchStrategy,
  ServerConfiguration,
  setHeaderOptions,
  wrapHttpLibrary,
} from '@kubernetes/client-node';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { createClusterClient } from '../connection/createKubeConfig';
import { KubernetesConnection } from '../connection/readConnections';
import {
  ClusterEvent,
  Pod,
  RevisionObject,
  Workload,
  WorkloadKind,
} from '../model/types';
import { BoundedHttp } from './BoundedHttp';
import { isConflict, isNotFound, toTargetError } from './toTargetError';

/** RFC 6902. */
export type JsonPatch = {
  op: 'add' | 'replace';
  path: string;
  value: unknown;
}[];

const PAGE = 250;
const MAX_PAGES = 8;
const FIELD_MANAGER = 'backstage-deploy';

type Answer = Promise<HttpInfo<unknown>>;

/** The calls that the target makes in one namespace. Thin: it asks, and says what a failure means. */
export class KubernetesApi {
  readonly #apps: AppsV1Api;
  readonly #core: CoreV1Api;
  readonly #namespace: string;
  readonly #connection: string;

  private constructor(
    configuration: Configuration,
    connection: string,
    namespace: string,
  ) {
    this.#apps = new AppsV1Api(configuration);
    this.#core = new CoreV1Api(configuration);
    this.#connection = connection;
    this.#namespace = namespace;
  }

  /** `signal` ends every call that is under way. */
  static async create(
    connection: KubernetesConnection,
    namespace: string,
    signal: AbortSignal,
  ): Promise<KubernetesApi> {
    const { server, authentication } = await createClusterClient(connection);
    return new KubernetesApi(
      createConfiguration({
        baseServer: new ServerConfiguration(server, {}),
        httpApi: wrapHttpLibrary(new BoundedHttp(signal)),
        authMethods: { default: authentication },
      }),
      connection.name,
      namespace,
    );
  }

  async readWorkload(kind: WorkloadKind, name: string): Promise<Workload> {
    const request = { name, namespace: this.#namespace };
    return this.#ask('get', this.#title(kind, name), () => {
      switch (kind) {
        case 'StatefulSet':
          return this.#apps.readNamespacedStatefulSetWithHttpInfo(request);
        case 'DaemonSet':
          return this.#apps.readNamespacedDaemonSetWithHttpInfo(request);
        default:
          return this.#apps.readNamespacedDeploymentWithHttpInfo(request);
      }
    });
  }

  /** `undefined` if the workload has changed since it was read. */
  async patchWorkload(
    kind: WorkloadKind,
    name: string,
    patch: JsonPatch,
  ): Promise<Workload | undefined> {
    const request = {
      name,
      namespace: this.#namespace,
      body: patch,
      fieldManager: FIELD_MANAGER,
    };
    const options = setHeaderOptions('Content-Type', PatchStrategy.JsonPatch);
    try {
      return await this.#send<Workload>(() => {
        switch (kind) {
          case 'StatefulSet':
            return this.#apps.patchNamespacedStatefulSetWithHttpInfo(
              request,
              options,
            );
          case 'DaemonSet':
            return this.#apps.patchNamespacedDaemonSetWithHttpInfo(
              request,
              options,
            );
          default:
            return this.#apps.patchNamespacedDeploymentWithHttpInfo(
              request,
              options,
            );
        }
      });
    } catch (error) {
      if (isConflict(error)) {
        return undefined;
      }
      throw this.#explain(error, 'patch', this.#title(kind, name));
    }
  }

  /** ReplicaSets of Deployments, ControllerRevisions of the other kinds; also those of other workloads. */
  async listRevisionObjects(
    kind: WorkloadKind,
    labelSelector: string,
  ): Promise<RevisionObject[]> {
    const isDeployment = kind === 'Deployment';
    const title = isDeployment ? 'ReplicaSets' : 'ControllerRevisions';
    return this.#list(title, page =>
      isDeployment
        ? this.#apps.listNamespacedReplicaSetWithHttpInfo({
            ...page,
            labelSelector,
          })
        : this.#apps.listNamespacedControllerRevisionWithHttpInfo({
            ...page,
            labelSelector,
          }),
    );
  }

  async listPods(labelSelector: string): Promise<Pod[]> {
    return this.#list('Pods', page =>
      this.#core.listNamespacedPodWithHttpInfo({ ...page, labelSelector }),
    );
  }

  /** What was reported about one object, oldest first, at most one page. */
  async listEvents(object: {
    kind: string;
    name: string;
    uid: string;
  }): Promise<ClusterEvent[]> {
    const fieldSelector = [
      `involvedObject.kind=${object.kind}`,
      `involvedObject.name=${object.name}`,
      `involvedObject.uid=${object.uid}`,
    ].join(',');
    const answer = await this.#ask<{ items?: ClusterEvent[] }>(
      'list',
      'Events',
      () =>
        this.#core.listNamespacedEventWithHttpInfo({
          namespace: this.#namespace,
          fieldSelector,
          limit: PAGE,
        }),
    );
    return itemsOf(answer);
  }

  /** Deletes exactly this pod; one that is gone already is fine. */
  async deletePod(name: string, uid: string): Promise<void> {
    try {
      await this.#send(() =>
        this.#core.deleteNamespacedPodWithHttpInfo({
          name,
          namespace: this.#namespace,
          body: { preconditions: { uid } },
        }),
      );
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) {
        throw this.#explain(error, 'delete', this.#title('Pod', name));
      }
    }
  }

  /** The last lines, at most 32 KiB unless said otherwise. */
  async readLog(request: {
    pod: string;
    container: string;
    previous: boolean;
    lines: number;
    /** Each line begins with the time (RFC 3339) at which it was written. */
    timestamps?: boolean;
    bytes?: number;
  }): Promise<string> {
    const what = `the log of ${this.#title('Pod', request.pod)}`;
    try {
      const info = await this.#core.readNamespacedPodLogWithHttpInfo({
        name: request.pod,
        namespace: this.#namespace,
        container: request.container,
        previous: request.previous,
        tailLines: request.lines,
        limitBytes: request.bytes ?? 32 * 1024,
        ...(request.timestamps && { timestamps: true }),
      });
      return await info.body.text();
    } catch (error) {
      throw this.#explain(error, 'get', what);
    }
  }

  async #list<T>(
    title: string,
    load: (page: {
      namespace: string;
      limit: number;
      _continue?: string;
    }) => Answer,
  ): Promise<T[]> {
    const what = `${title} in ${this.#namespace}`;
    const all: T[] = [];
    let next: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const asked = {
        namespace: this.#namespace,
        limit: PAGE,
        _continue: next,
      };
      const answer = await this.#ask<{
        items?: T[];
        metadata?: { continue?: string };
      }>('list', what, () => load(asked));
      all.push(...itemsOf(answer));
      next = answer.metadata?.continue || undefined;
      if (next === undefined) {
        return all;
      }
    }
    throw new TargetError(
      'invalid',
      `There are more than ${
        PAGE * MAX_PAGES
      } ${title} with the workload's labels in ${this.#namespace}.`,
      { remedy: 'Give the workload a selector that is its own.' },
    );
  }

  async #ask<T>(verb: string, what: string, call: () => Answer): Promise<T> {
    try {
      return await this.#send<T>(call);
    } catch (error) {
      throw this.#explain(error, verb, what);
    }
  }

  /** The SDK reads the answer by its models; what is used is the answer as it came. */
  async #send<T>(call: () => Answer): Promise<T> {
    const info = await call();
    const answer: unknown = JSON.parse(await info.body.text());
    if (typeof answer !== 'object' || answer === null) {
      throw new TargetError(
        'invalid',
        `The cluster "${
          this.#connection
        }" answered with something that is no object.`,
      );
    }
    return answer as T;
  }

  #explain(error: unknown, verb: string, what: string): TargetError {
    return toTargetError(error, { verb, what, connection: this.#connection });
  }

  #title(kind: string, name: string): string {
    return `${kind} ${this.#namespace}/${name}`;
  }
}

function itemsOf<T>(answer: { items?: T[] }): T[] {
  return Array.isArray(answer.items) ? answer.items : [];
}
