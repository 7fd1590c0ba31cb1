import { JsonObject, JsonValue } from '@backstage/types';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { WorkloadRevision } from '../model/types';

/** Names a revision for good: a name may be used again, a uid may not. */
export type RevisionKey = { name: string; uid: string };

/** What a step found before it changed anything. Names only: templates may hold secrets. */
export type Found = {
  replaced: RevisionKey;
  wasPaused: boolean;
  wasHealthy: boolean;
  /** A missed deadline that has nothing to do with the change. */
  missedDeadline?: string;
};

export function keyOf(revision: WorkloadRevision): RevisionKey {
  return { name: revision.name, uid: revision.uid };
}

/** Reads the key that a plan stored; plans outlive versions of this code. */
export function readRevisionKey(value: JsonValue | undefined): RevisionKey {
  const key = value as Partial<RevisionKey> | undefined;
  if (typeof key?.name !== 'string' || typeof key.uid !== 'string') {
    throw new TargetError('invalid', 'The stored step names no revision.', {
      remedy: 'Ask for the operation anew.',
    });
  }
  return { name: key.name, uid: key.uid };
}

/** What an earlier attempt found; `undefined` if none got that far. */
export function readFound(memory: JsonObject): Found | undefined {
  const found = memory.found as Partial<Found> | undefined;
  if (!found) {
    return undefined;
  }
  return {
    replaced: readRevisionKey(found.replaced),
    wasPaused: found.wasPaused === true,
    wasHealthy: found.wasHealthy === true,
    missedDeadline: found.missedDeadline,
  };
}
