import { ArtifactState, Revision } from '@vvp/backstage-plugin-deploy-common';
import { TargetError, TargetPlan } from '@vvp/backstage-plugin-deploy-node';
import { compareConfiguration } from './configuration';
import { DescribedTaskDefinition } from './EcsApi';
import { healthOf } from './health';
import { parseTaskDefinition } from './names';
import { restartSteps, rollbackSteps } from './plan';
import { requireDrivable } from './requireDrivable';
import { imagesOf, isUnverified, revisionOf } from './revision';
import { familyOf, RevisionSpec } from './revisions';
import { ServiceReader } from './ServiceReader';
import { ServiceSnapshot, servingOf, underWay } from './snapshot';

const stays =
  'Desired count, network, load balancer and deployment settings of the service stay as they are.';
const runsNow: ArtifactState = {
  state: 'present',
  message: 'It runs right now.',
};
const values =
  'Secrets and parameters keep their present values; only the references to them come back.';
/** Looks for images, all of which have to be there. */
export type AskForImages = (
  images: readonly string[],
) => Promise<ArtifactState>;

/** Plans how to get back to a revision of the family that the service runs. */
export async function planRollback(
  reader: ServiceReader,
  spec: RevisionSpec,
  revision: string,
  askForImages: AskForImages,
): Promise<TargetPlan> {
  const snapshot = await lookAtDrivable(reader);
  const family = familyOf(snapshot, spec);
  if (parseTaskDefinition(revision)?.family !== family) {
    throw notFound(revision, family);
  }
  const wanted = await reader.taskDefinition(revision);
  const serving = servingOf(snapshot);
  const to = revisionOf(wanted, { container: spec.container, serving });
  if (!to || to.id !== revision) {
    throw notFound(revision, family);
  }
  if (to.unavailable) {
    throw new TargetError('not-found', `${revision}: ${to.unavailable}`, {
      remedy: 'Choose another revision.',
    });
  }
  const before = serving ? await reader.taskDefinition(serving) : undefined;
  const from =
    before && revisionOf(before, { container: spec.container, serving });
  const there = isThere(snapshot, revision);
  const isWayBack = before !== undefined && !isUnverified(before);
  return {
    from,
    to,
    alreadyThere: there,
    steps: there
      ? []
      : rollbackSteps(
          snapshot.service,
          revision,
          isWayBack ? from?.id : undefined,
        ),
    configuration: before
      ? compareConfiguration(
          before.taskDefinition,
          wanted.taskDefinition,
          spec.container,
        )
      : [],
    notRestored: [stays, values, ...noWayBack(from, isWayBack)],
    artifact: there
      ? runsNow
      : await askForImages(imagesOf(wanted.taskDefinition)),
  };
}

/** Plans how to start what runs anew. */
export async function planRestart(
  reader: ServiceReader,
  spec: RevisionSpec,
  askForImages: AskForImages,
): Promise<TargetPlan> {
  const snapshot = await lookAtDrivable(reader);
  const serving = servingOf(snapshot);
  if (serving === undefined) {
    throw new TargetError('invalid', 'The service runs no task definition.', {
      remedy: 'Deploy something to it first.',
    });
  }
  const described: DescribedTaskDefinition = await reader.taskDefinition(
    serving,
  );
  const current = revisionOf(described, {
    container: spec.container,
    serving,
  });
  return {
    from: current,
    to: current,
    alreadyThere: false,
    steps: restartSteps(snapshot.service, serving),
    configuration: [],
    notRestored: [],
    artifact: await askForImages(imagesOf(described.taskDefinition)),
  };
}

/** What nobody may change is told before anything happens: runs would be stopped for nothing. */
async function lookAtDrivable(reader: ServiceReader): Promise<ServiceSnapshot> {
  const snapshot = await reader.snapshot();
  requireDrivable(snapshot, reader.resource);
  return snapshot;
}

/** It serves alone, nothing is under way, and it runs as it should. */
function isThere(snapshot: ServiceSnapshot, revision: string): boolean {
  const { state } = healthOf(snapshot.service);
  return (
    snapshot.taskDefinition === revision &&
    servingOf(snapshot) === revision &&
    underWay(snapshot) === undefined &&
    (state === 'healthy' || snapshot.service.desiredCount === 0)
  );
}

function noWayBack(from: Revision | undefined, isWayBack: boolean): string[] {
  if (!from) {
    return [];
  }
  if (from.unavailable) {
    return [
      `If this fails, ${from.id} cannot be put back either: its task definition has been deregistered.`,
    ];
  }
  return isWayBack
    ? []
    : [`If this fails, ${from.id} is not put back: no run found it good.`];
}

function notFound(revision: string, family: string): TargetError {
  return new TargetError(
    'not-found',
    `${revision.slice(
      0,
      300,
    )} is no revision of the task definition ${family}.`,
    { remedy: 'Choose one of the revisions that the page lists.' },
  );
}
