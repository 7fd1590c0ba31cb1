import {
  deploymentStatuses,
  EnvironmentOverview,
  DeploymentStatus,
  HealthState,
  RevisionEntry,
  TargetHealth,
} from '@vvp/backstage-plugin-deploy-common';
import { shortCommit } from './links';
import { StatusText, statusTexts } from './status';

/**
 * Texts and tones of every health.
 *
 * @internal
 */
export const healthTexts: Record<HealthState, StatusText> = {
  healthy: { label: 'Healthy', meaning: 'Works', tone: 'success' },
  degraded: {
    label: 'Degraded',
    meaning: 'Works in part',
    tone: 'attention',
  },
  unhealthy: { label: 'Unhealthy', meaning: 'Does not work', tone: 'error' },
  unknown: {
    label: 'Health unknown',
    meaning: 'The platform does not tell',
    tone: 'neutral',
  },
};

/**
 * Why a revision cannot be chosen; nothing if it can. That it can does not mean that it will be let through.
 *
 * @internal
 */
export function whyNotChosen(entry: RevisionEntry): string | undefined {
  if (entry.current) {
    return 'It runs now.';
  }
  if (entry.quarantine) {
    return `Quarantined: ${entry.quarantine.reason}`;
  }
  return entry.unavailable && `Cannot be put back: ${entry.unavailable}`;
}

/**
 * The release in a revision, in short; nothing where it is not known.
 *
 * @internal
 */
export function releaseText(
  entry: Pick<RevisionEntry, 'version' | 'commit'>,
): string | undefined {
  const parts = [entry.version, entry.commit && shortCommit(entry.commit)];
  return parts.filter(Boolean).join(', ') || undefined;
}

/**
 * What a state of an earlier deployment is called; as it is where it is not known here.
 *
 * @internal
 */
export function pastStatus(status: string): {
  status?: DeploymentStatus;
  label: string;
} {
  const known = deploymentStatuses.find(each => each === status);
  return known
    ? { status: known, label: statusTexts[known].label }
    : { label: status };
}

const worked: readonly string[] = ['succeeded', 'superseded', 'rolled_back'];

/**
 * When a revision last worked here, where its newest deployment was another one that did not.
 *
 * @internal
 */
export function lastWorked({
  lastDeployedAt,
  deployments,
}: Pick<RevisionEntry, 'lastDeployedAt' | 'deployments'>): string | undefined {
  const newest = deployments.at(0)?.status;
  return newest === undefined || worked.includes(newest)
    ? undefined
    : lastDeployedAt;
}

/**
 * Health with the count of instances: "2 of 3 instances".
 *
 * @internal
 */
export function instancesText(health: TargetHealth): string | undefined {
  const { ready, wanted } = health;
  if (ready === undefined) {
    return undefined;
  }
  return wanted === undefined
    ? `${ready} ${ready === 1 ? 'instance' : 'instances'}`
    : `${ready} of ${wanted} instances`;
}

/**
 * What will make something run in an environment where nothing does, by how far the first deployment is.
 *
 * @internal
 */
export function firstDeploymentText({
  latestDeployment,
}: Pick<EnvironmentOverview, 'latestDeployment'>): string {
  switch (latestDeployment?.status) {
    case undefined:
      return 'The first deployment brings something here: by its pipeline, or by a release that is promoted here, both on the tab Deployments.';
    case 'waiting':
      return 'Its first deployment waits to be let in: the tab Deployments says for what.';
    case 'queued':
    case 'in_progress':
      return 'Its first deployment is under way: follow it on the tab Deployments.';
    default:
      return 'Its first deployment did not get there: the tab Deployments leads to its run. The next one that works brings something here.';
  }
}

/**
 * What has to be there before a deployment can bring something, by kind of target; nothing where the
 * deployment makes it.
 *
 * @internal
 */
export function madeBeforeText(target: string): string | undefined {
  switch (target) {
    case 'azure-container-app':
      return 'Pipelines as they are generated here update a Container App and do not create one: somebody has to create it before.';
    case 'ecs':
      return 'Pipelines as they are generated here update an ECS service and do not create one: somebody has to create it before.';
    case 'azure-vm':
      return 'Pipelines as they are generated here do not create the virtual machine: somebody has to before.';
    default:
      return undefined;
  }
}

const shownAtFirst = 8;

/**
 * The revisions to show: the newest, and the one that runs now wherever it stands.
 *
 * @internal
 */
export function shownRevisions(
  entries: readonly RevisionEntry[],
  all: boolean,
): RevisionEntry[] {
  return entries.filter(
    (entry, index) => all || index < shownAtFirst || entry.current,
  );
}

/**
 * Differs when something has happened in an environment that may have changed its revisions.
 *
 * @internal
 */
export function environmentVersion(environment: EnvironmentOverview): string {
  const { currentDeployment, latestDeployment, runningOperation } = environment;
  return [
    currentDeployment?.id,
    currentDeployment?.status,
    latestDeployment?.id,
    latestDeployment?.status,
    runningOperation?.id,
    runningOperation?.status,
  ].join(' ');
}
