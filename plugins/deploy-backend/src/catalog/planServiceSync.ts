import { ANNOTATION_SERVICE } from '@vvp/backstage-plugin-deploy-common';
import { TrackedService } from './trackedService';

/** A service as the store knows it. */
export interface KnownService extends TrackedService {
  id: string;
  removed: boolean;
}

export interface ServiceSyncPlan {
  add: TrackedService[];
  /** Changed, renamed or back again; `id` stays, and with it the history. */
  update: (TrackedService & { id: string })[];
  /** Ids of services that left the catalog. */
  remove: string[];
}

/**
 * What has to happen so that the store knows the services of the catalog.
 *
 * A renamed entity is the one that has appeared with the repository and service key of one that
 * has vanished; it keeps the history of that one.
 */
export function planServiceSync(
  known: readonly KnownService[],
  catalog: readonly TrackedService[],
): ServiceSyncPlan {
  const knownByRef = new Map(known.map(one => [one.entityRef, one]));
  const catalogRefs = new Set(catalog.map(one => one.entityRef));
  const vanished = known.filter(one => !catalogRefs.has(one.entityRef));
  const plan: ServiceSyncPlan = { add: [], update: [], remove: [] };
  const renamed = new Set<string>();

  for (const service of catalog) {
    const same = knownByRef.get(service.entityRef);
    if (same) {
      if (same.removed || !isSame(same, service)) {
        plan.update.push({ ...service, id: same.id });
      }
      continue;
    }
    const former = formerNameOf(service, {
      vanished: vanished.filter(one => !renamed.has(one.id)),
      appeared: catalog.filter(one => !knownByRef.has(one.entityRef)),
    });
    if (former) {
      renamed.add(former.id);
      plan.update.push({ ...service, id: former.id });
    } else {
      plan.add.push(service);
    }
  }
  plan.remove = vanished
    .filter(one => !renamed.has(one.id) && !one.removed)
    .map(one => one.id);
  return plan;
}

function formerNameOf(
  service: TrackedService,
  candidates: {
    vanished: readonly KnownService[];
    appeared: readonly TrackedService[];
  },
): KnownService | undefined {
  const vanished = candidates.vanished.filter(
    one => one.repository === service.repository,
  );
  const sameKey = vanished.find(one => one.serviceKey === service.serviceKey);
  if (sameKey) {
    return sameKey;
  }
  // Without the annotation the key is the entity's name, which is what has changed.
  const appeared = candidates.appeared.filter(
    one => one.repository === service.repository,
  );
  return vanished.length === 1 &&
    appeared.length === 1 &&
    [vanished[0], service].every(one => !one.annotations[ANNOTATION_SERVICE])
    ? vanished[0]
    : undefined;
}

function isSame(left: TrackedService, right: TrackedService): boolean {
  return signature(left) === signature(right);
}

function signature(service: TrackedService): string {
  return JSON.stringify([
    service.repository,
    service.serviceKey.slice(0, 200),
    service.title?.slice(0, 200) ?? '',
    service.owner ?? '',
    service.system ?? '',
    Object.entries(service.annotations).sort(),
    service.specUrl ?? '',
  ]);
}
