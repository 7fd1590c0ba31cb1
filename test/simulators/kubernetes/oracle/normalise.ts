import type { RecordedStep } from './Driver';

const DROPPED = new Set([
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'lastTransitionTime',
  'lastUpdateTime',
  'startedAt',
  'startTime',
  'managedFields',
  'selfLink',
  'generateName',
  'remainingItemCount',
  'pod-template-generation',
  'deprecated.daemonset.template.generation',
]);

function hashesIn(body: any): string[] {
  const objects = body?.items ?? [body];
  return objects.flatMap((object: any) => {
    const labels = object?.metadata?.labels ?? {};
    const own = [
      labels['pod-template-hash'],
      labels['controller.kubernetes.io/hash'],
      // A StatefulSet's pods carry the whole name of the revision.
      labels['controller-revision-hash']?.split('-').pop(),
    ];
    return own.filter((hash): hash is string => Boolean(hash));
  });
}

/** Gives generated names numbers in the order in which they are first seen. */
class Names {
  readonly #hashes = new Map<string, string>();

  learn(body: any): void {
    for (const hash of hashesIn(body)) {
      if (!this.#hashes.has(hash)) {
        this.#hashes.set(hash, `<hash ${this.#hashes.size + 1}>`);
      }
    }
  }

  replace(body: any): any {
    let text = JSON.stringify(body);
    for (const [hash, name] of this.#hashes) {
      text = text.replaceAll(hash, name);
    }
    // The random end of a pod's name.
    return JSON.parse(
      text.replace(/(<hash \d+>|agent)-[a-z0-9]{5}(?=["\\])/g, '$1-<random>'),
    );
  }
}

/**
 * Takes out what differs from run to run: times, ids and resource versions; generated names and hashes are
 * replaced by the order in which they were first seen.
 */
export function normalise(steps: RecordedStep[]): RecordedStep[] {
  const names = new Names();
  for (const { response } of steps.flatMap(({ exchanges }) => exchanges)) {
    names.learn(sorted(response.body));
  }
  return steps.map(({ name, exchanges }) => ({
    name,
    exchanges: exchanges.map(({ request, response }) => ({
      request: {
        ...request,
        ...(request.body !== undefined && {
          body: names.replace(withoutVersion(tidy(request.body))),
        }),
      },
      response: {
        status: response.status,
        body: names.replace(tidy(shortened(sorted(response.body)))),
      },
    })),
  }));
}

function tidy(value: any): any {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => !DROPPED.has(key) && inner !== null)
      .map(([key, inner]) => [key, tidy(inner)] as const)
      .filter(
        ([key, inner]) =>
          key !== 'annotations' || Object.keys(inner ?? {}).length > 0,
      )
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/**
 * Of pods only what their controllers gave them: the rest comes from the scheduler and the kubelet, which
 * the recorded server did not have. A ReplicaSet's generation counts in how many steps it was scaled, which
 * is a matter of luck.
 */
function shortened(body: any): any {
  if (Array.isArray(body?.items)) {
    return {
      ...body,
      items: body.items.map((item: any) =>
        body.kind === 'PodList' ? shortPod(item) : shortSet(item),
      ),
    };
  }
  return body?.kind === 'Pod' ? shortPod(body) : body;
}

function shortPod({ metadata, spec, status }: any): any {
  return {
    metadata: { name: metadata.name, labels: metadata.labels },
    images: spec.containers.map((container: any) => container.image),
    phase: status.phase,
    isDeleted: metadata.deletionTimestamp !== undefined,
  };
}

function shortSet(item: any): any {
  if (item.metadata.ownerReferences?.[0].kind !== 'Deployment') return item;
  const { generation: _generation, ...metadata } = item.metadata;
  const { observedGeneration: _observed, ...status } = item.status;
  return { ...item, metadata, status };
}

/** A resource version in a JSON patch. */
function withoutVersion(body: any): any {
  return Array.isArray(body)
    ? body.map(operation =>
        operation.path === '/metadata/resourceVersion'
          ? { ...operation, value: '<resource version>' }
          : operation,
      )
    : body;
}

/** Lists by what was made first, conditions by type: names are generated and sort by chance. */
function sorted(body: any): any {
  if (Array.isArray(body?.items)) {
    const key = ({ metadata, revision }: any) =>
      [
        metadata.annotations?.['deployment.kubernetes.io/revision'] ??
          revision ??
          metadata.name,
      ].join();
    return {
      ...body,
      items: [...body.items]
        .sort((a, b) => (key(a) < key(b) ? -1 : 1))
        .map(item => withSortedConditions(item)),
    };
  }
  return withSortedConditions(body);
}

function withSortedConditions(body: any): any {
  const conditions = body?.status?.conditions;
  return Array.isArray(conditions)
    ? {
        ...body,
        status: {
          ...body.status,
          conditions: [...conditions].sort((a, b) =>
            a.type < b.type ? -1 : 1,
          ),
        },
      }
    : body;
}
