import { CanaryLook } from '@vvp/backstage-plugin-deploy-common';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { canaryOf } from './canary';
import { EcsApi } from './EcsApi';
import { parseTaskDefinition } from './names';
import { revisionOf } from './revision';
import { familyOf, listRevisions, RevisionSpec } from './revisions';
import { ServiceReader } from './ServiceReader';
import { ServiceSnapshot, underWay } from './snapshot';

/** The newest revision of a commit; of those of the family only if the service knows of none. */
export async function lookAtCanary(
  api: EcsApi,
  reader: ServiceReader,
  spec: RevisionSpec,
  commit: string,
): Promise<CanaryLook | undefined> {
  const snapshot = await reader.snapshot();
  for (const id of knownTo(snapshot)) {
    const described = await reader.taskDefinition(id, true);
    const revision = revisionOf(described, spec);
    if (revision?.commit === commit) {
      return canaryOf(snapshot, revision);
    }
  }
  const revisions = await listRevisions(api, reader, spec);
  const found = revisions.find(revision => revision.commit === commit);
  return found && canaryOf(snapshot, found);
}

/** Why a canary cannot be moved, whatever the move. */
export async function refuseMove(
  reader: ServiceReader,
  spec: RevisionSpec,
  revision: string,
): Promise<TargetError> {
  const family = familyOf(await reader.snapshot(), spec);
  if (parseTaskDefinition(revision)?.family !== family) {
    return new TargetError(
      'not-found',
      `${revision.slice(
        0,
        300,
      )} is no revision of the task definition ${family}.`,
      { remedy: 'Choose one of the revisions that the page lists.' },
    );
  }
  return new TargetError(
    'invalid',
    `ECS shifts the traffic to ${revision} by itself; nobody can hold or hasten it.`,
    { remedy: 'Wait until it is done, or roll back.' },
  );
}

/** What is brought in, and what the service is set to. */
function knownTo(snapshot: ServiceSnapshot): string[] {
  const ids = [underWay(snapshot)?.target, snapshot.taskDefinition];
  return [...new Set(ids.flatMap(id => id ?? []))];
}
