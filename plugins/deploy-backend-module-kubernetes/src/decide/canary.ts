import { redact, TargetHealth } from '@vvp/backstage-plugin-deploy-common';
import { isPodOf } from '../model/revisions';
import { RevisionGroup } from '../model/releases';
import { Pod, Workload } from '../model/types';
import { formatTrouble, troublesOf } from './trouble';

/** How a Deployment is divided between a release and what ran before it. */
export interface CanaryShare {
  /** Of all ready pods; see {@link toPercent}. */
  percent: number;
  /** Of all pods, also of those that have yet to become ready. */
  orderedPercent: number;
  /** Those of the release that run, or are about to. */
  own: Pod[];
  /** How many of them are ready. */
  ready: number;
  /** No pod of another revision is left. */
  isAlone: boolean;
  /** The other revision with most ready pods. */
  stable?: RevisionGroup;
}

/** Counts pods: each is asked by the Service as often as any other. */
export function shareOf(
  groups: readonly RevisionGroup[],
  group: RevisionGroup,
  pods: readonly Pod[],
): CanaryShare {
  const living = pods.filter(isLiving);
  const podsOf = ({ members }: RevisionGroup) =>
    living.filter(pod => members.some(revision => isPodOf(pod, revision)));
  const own = podsOf(group);
  const others = groups
    .filter(other => other.id !== group.id)
    .map(other => ({ other, pods: podsOf(other) }))
    .filter(entry => entry.pods.length > 0)
    .sort((a, b) => readyOf(b.pods) - readyOf(a.pods));
  const rest = others.flatMap(entry => entry.pods);
  const ready = readyOf(own);
  const stable = others[0]?.other;
  return {
    percent: toPercent(ready, readyOf(rest), rest.length),
    orderedPercent: toPercent(own.length, rest.length, rest.length),
    own,
    ready,
    isAlone: rest.length === 0,
    ...(stable && { stable }),
  };
}

/** Rounded down; 0 only for none, and 100 only if no other pod is left. */
export function toPercent(own: number, rest: number, left: number): number {
  if (own === 0) {
    return 0;
  }
  if (left === 0) {
    return 100;
  }
  return Math.min(Math.max(Math.floor((own * 100) / (own + rest)), 1), 99);
}

/** Of the pods of a release, whatever the others do. */
export function canaryHealth(
  workload: Workload,
  group: RevisionGroup,
  { own, ready }: CanaryShare,
): TargetHealth {
  const counts = { ready, wanted: own.length };
  const [trouble] = troublesOf(workload, group.members[0], own);
  if (trouble) {
    return {
      ...counts,
      // What may pass by itself, such as a pod that has yet to become ready, is no verdict.
      state: trouble.lasting && ready === 0 ? 'unhealthy' : 'degraded',
      reason: redact(formatTrouble(trouble)),
    };
  }
  if (own.length === 0) {
    return { ...counts, state: 'unknown', reason: 'No pod of it runs.' };
  }
  return ready === own.length
    ? { ...counts, state: 'healthy' }
    : {
        ...counts,
        state: ready === 0 ? 'unknown' : 'degraded',
        reason: `${ready} of its ${own.length} pods are ready.`,
      };
}

/** One that ends, or has ended, is asked by nobody. */
function isLiving({ metadata, status }: Pod): boolean {
  return (
    metadata?.deletionTimestamp === undefined &&
    status?.phase !== 'Failed' &&
    status?.phase !== 'Succeeded'
  );
}

function readyOf(pods: readonly Pod[]): number {
  return pods.filter(pod =>
    (pod.status?.conditions ?? []).some(
      ({ type, status }) => type === 'Ready' && status === 'True',
    ),
  ).length;
}
