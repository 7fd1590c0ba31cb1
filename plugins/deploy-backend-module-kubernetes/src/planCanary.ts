import {
  CanaryMove,
  TargetError,
  TargetPlan,
} from '@vvp/backstage-plugin-deploy-node';
import { CanaryShare, shareOf } from './decide/canary';
import { compareConfiguration } from './decide/configuration';
import { rolloutOf } from './decide/rollout';
import { groupRevisions } from './model/releases';
import { Pod } from './model/types';
import { artifactOf, requireGroup, timeoutOf, toRevision } from './plan';
import { rolledOut } from './steps/canary';
import { keyOf } from './steps/stepData';
import { Look, WorkloadSession } from './steps/WorkloadSession';

/** How a canary is asked to move. */
export interface Move {
  revision: string;
  move: CanaryMove;
  /** What the revision gets at the start. */
  percent: number;
}

/** How to move a canary. Throws if that cannot be. */
export function planCanaryMove(
  session: WorkloadSession,
  look: Look,
  pods: readonly Pod[],
  { revision, move, percent, container }: Move & { container?: string },
): TargetPlan {
  const group = requireGroup(session, look, revision);
  const { current } = look;
  if (!current || !group.members.some(({ uid }) => uid === current.uid)) {
    throw new TargetError(
      'invalid',
      `${session.title} does not ask for ${revision}, but for ${
        current?.name ?? 'a template of which no pod was made yet'
      }.`,
      { remedy: 'Deploy the release again.' },
    );
  }
  requireRolling(session, look);
  const share = shareOf(groupRevisions(look.revisions), group, pods);
  const key = keyOf(current);
  if (move !== 'finish' && share.isAlone && share.own.length > 0) {
    throw rolledOut(session, key);
  }
  const alreadyThere = isThere(session, look, share, { move, percent });
  const { stable } = share;
  return {
    ...(stable && { from: toRevision(look, stable, container) }),
    to: toRevision(look, group, container),
    alreadyThere,
    steps: alreadyThere
      ? []
      : [
          {
            ...describe(session, key.name, { move, percent }),
            input: { revision: key, ...(move === 'start' && { percent }) },
            timeoutSeconds: timeoutOf(look),
            compensates: true,
          },
        ],
    configuration: stable
      ? compareConfiguration(stable.members[0].template, current.template)
      : [],
    notRestored: [],
    artifact: artifactOf(current, pods, container),
  };
}

function isThere(
  session: WorkloadSession,
  { workload }: Look,
  share: CanaryShare,
  { move, percent }: Pick<Move, 'move' | 'percent'>,
): boolean {
  const isPaused = workload.spec?.paused === true;
  switch (move) {
    case 'start':
      return (
        isPaused &&
        share.orderedPercent >= percent &&
        share.ready === share.own.length
      );
    case 'pause':
      return isPaused;
    default:
      return rolloutOf(session.kind, workload).state === 'complete';
  }
}

function describe(
  session: WorkloadSession,
  name: string,
  { move, percent }: Pick<Move, 'move' | 'percent'>,
): { name: string; title: string } {
  switch (move) {
    case 'start':
      return {
        name: 'start-canary',
        title: `Pause ${session.title} once ${percent} % of its pods are of ${name} and ready`,
      };
    case 'pause':
      return { name: 'pause-canary', title: `Pause ${session.title}` };
    default:
      return {
        name: 'finish-canary',
        title: `Let ${session.title} go on until all of its pods are of ${name}`,
      };
  }
}

/** Where pods are not replaced one by one there is nothing to stop at. */
function requireRolling(session: WorkloadSession, { workload }: Look): void {
  if (workload.spec?.strategy?.type === 'Recreate') {
    throw new TargetError(
      'invalid',
      `${session.title} has the strategy Recreate: its pods are all replaced at once.`,
      { remedy: 'Set strategy.type to RollingUpdate.' },
    );
  }
  if (workload.spec?.replicas === 0) {
    throw new TargetError('invalid', `${session.title} is scaled to zero.`, {
      remedy: 'Scale it up first.',
    });
  }
}
