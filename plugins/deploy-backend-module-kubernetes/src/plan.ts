import { ArtifactState, Revision } from '@vvp/backstage-plugin-deploy-common';
import { TargetError, TargetPlan } from '@vvp/backstage-plugin-deploy-node';
import { compareConfiguration } from './decide/configuration';
import { notRestoredBy } from './decide/notRestored';
import { rolloutOf } from './decide/rollout';
import { troubleOfPod } from './decide/trouble';
import { isPodOf } from './model/revisions';
import { containerOf, releaseOf } from './model/releaseOf';
import { groupRevisions, RevisionGroup } from './model/releases';
import { Pod, WorkloadRevision } from './model/types';
import { keyOf } from './steps/stepData';
import { Look, WorkloadSession } from './steps/WorkloadSession';

const PULL_FAILURES = ['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName'];
const MAX_REVISIONS = 100;

/** The revisions as the portal shows them, newest first. */
export function toRevisions(look: Look, container?: string): Revision[] {
  return groupRevisions(look.revisions)
    .slice(0, MAX_REVISIONS)
    .map(group => toRevision(look, group, container));
}

/** The revision that the workload asks for, as the portal shows it. */
export function currentOf(
  look: Look,
  container?: string,
): Revision | undefined {
  return toRevisions(look, container).find(revision => revision.current);
}

export function toRevision(
  look: Look,
  group: RevisionGroup,
  container?: string,
): Revision {
  const [newest] = group.members;
  const first = group.members.find(({ name }) => name === group.id);
  return {
    id: group.id,
    current: group.members.some(({ uid }) => uid === look.current?.uid),
    createdAt: first?.createdAt,
    ...releaseOf(newest, container),
  };
}

/** How to get to a revision. Throws if no way leads there. */
export function planUndo(
  session: WorkloadSession,
  look: Look,
  pods: readonly Pod[],
  options: { revision: string; container?: string },
): TargetPlan {
  const group = requireGroup(session, look, options.revision);
  refuseUnlessRolling(session, look);
  const { workload, current } = look;
  const isPaused = workload.spec?.paused === true;
  if (isPaused && !current) {
    throw new TargetError(
      'invalid',
      `${session.title} is paused with a template that has never been rolled out, and which would be lost.`,
      { remedy: 'Resume it (kubectl rollout resume), then try again.' },
    );
  }
  const isCurrent = group.members.some(({ uid }) => uid === current?.uid);
  const to = isCurrent && current ? current : group.members[0];
  const alreadyThere =
    isCurrent && rolloutOf(session.kind, workload).state === 'complete';
  const input = { revision: keyOf(to) };
  const timeoutSeconds = timeoutOf(look);
  return {
    from: currentOf(look, options.container),
    to: toRevision(look, group, options.container),
    alreadyThere,
    steps: alreadyThere
      ? []
      : [
          {
            name: 'undo',
            title: `Put revision ${to.name} back into ${session.title}${
              isPaused ? ', and resume it: it is paused' : ''
            }`,
            input,
            timeoutSeconds,
            compensates: true,
          },
          {
            name: 'await-undo',
            title: `Wait until all pods of ${session.title} are of ${to.name} and available`,
            input,
            timeoutSeconds,
          },
        ],
    configuration: current
      ? compareConfiguration(current.template, to.template)
      : [],
    notRestored: notRestoredBy(session.kind, workload, to.template),
    artifact: artifactOf(to, pods, options.container),
  };
}

/** The revision of that name. */
export function requireGroup(
  session: WorkloadSession,
  look: Look,
  revision: string,
): RevisionGroup {
  const group = groupRevisions(look.revisions).find(
    ({ id }) => id === revision,
  );
  if (!group) {
    throw new TargetError(
      'not-found',
      `${session.title} has no revision ${JSON.stringify(
        revision.slice(0, 253),
      )}.`,
      {
        remedy:
          'Choose one of its revisions. Kubernetes keeps as many as revisionHistoryLimit of the workload says.',
      },
    );
  }
  return group;
}

/** How to start all pods anew. */
export function planRestart(
  session: WorkloadSession,
  look: Look,
  options: { restartedAt: string; container?: string },
): TargetPlan {
  refuseUnlessRolling(session, look);
  if (look.workload.spec?.paused) {
    throw new TargetError('invalid', `${session.title} is paused.`, {
      remedy: 'Resume it (kubectl rollout resume), then restart it.',
    });
  }
  const input = { restartedAt: options.restartedAt };
  const timeoutSeconds = timeoutOf(look);
  const { current } = look;
  return {
    from: currentOf(look, options.container),
    alreadyThere: false,
    steps: [
      {
        name: 'restart',
        title: `Restart ${session.title}`,
        input,
        timeoutSeconds,
        compensates: true,
      },
      {
        name: 'await-restart',
        title: `Wait until all pods of ${session.title} are new and available`,
        input,
        timeoutSeconds,
      },
    ],
    configuration: [],
    notRestored: [],
    artifact: current
      ? artifactOf(current, [], options.container)
      : { state: 'unknown' },
  };
}

/** Where a change of the template does not change the pods, or not all of them, a rollback is no rollback. */
function refuseUnlessRolling(session: WorkloadSession, look: Look): void {
  const { type, rollingUpdate } = look.workload.spec?.updateStrategy ?? {};
  if (type === 'OnDelete') {
    throw new TargetError(
      'invalid',
      `${session.title} has the update strategy OnDelete: its pods stay as they are until somebody deletes them.`,
      { remedy: 'Set updateStrategy.type to RollingUpdate.' },
    );
  }
  if ((rollingUpdate?.partition ?? 0) > 0) {
    throw new TargetError(
      'invalid',
      `${session.title} has the partition ${rollingUpdate?.partition}: pods below it stay as they are.`,
      { remedy: 'Set updateStrategy.rollingUpdate.partition to 0.' },
    );
  }
}

/** Longer than the platform's own deadline, which tells the reason; from ten minutes to two hours. */
export function timeoutOf(look: Look): number {
  const own = look.workload.spec?.progressDeadlineSeconds ?? 600;
  return Math.min(Math.max(own * 2, 600), 7_200);
}

/** A cluster does not know what its registries hold; it only knows what its pods could pull. */
export function artifactOf(
  revision: WorkloadRevision,
  pods: readonly Pod[],
  container?: string,
): ArtifactState {
  const own = pods.filter(pod => isPodOf(pod, revision));
  const name = containerOf(revision.template, container)?.name;
  const pulled = own.some(pod =>
    (pod.status?.containerStatuses ?? []).some(
      status =>
        (name === undefined || status.name === name) && Boolean(status.imageID),
    ),
  );
  if (pulled) {
    return { state: 'present' };
  }
  const failure = own
    .map(troubleOfPod)
    .find(trouble => PULL_FAILURES.includes(trouble?.reason ?? ''));
  return failure
    ? { state: 'missing', message: failure.message ?? failure.reason }
    : {
        state: 'unknown',
        message:
          'No pod of this revision runs, so the cluster does not tell whether its image can still be pulled.',
      };
}
