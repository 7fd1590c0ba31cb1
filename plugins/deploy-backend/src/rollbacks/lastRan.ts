import { Revision } from '@vvp/backstage-plugin-deploy-common';
import { isToldCommit } from './isToldCommit';
import { PastOperation } from './pastOperations';

/** What is known of an environment. */
export interface RunFacts {
  revision: Pick<Revision, 'id' | 'commit' | 'current'>;
  /** Those that worked. */
  deployments: readonly {
    source: string;
    commit: string;
    /** ISO 8601. */
    finishedAt: string;
  }[];
  operations: readonly PastOperation[];
  now: Date;
}

interface Placement {
  at: string;
  /** Tells the order of two at the same time, as in the history. */
  source: string;
  isThis: boolean;
}

/**
 * When a revision last ran in an environment, ISO 8601. That is not when it was put there: a slow service
 * runs the same one for months. What is not known to have run is undefined; that it was made proves nothing.
 */
export function lastRan(facts: RunFacts): string | undefined {
  const { revision, operations } = facts;
  const now = facts.now.toISOString();
  if (revision.current) {
    return now;
  }
  const inOrder = placementsOf(facts).sort(compare);
  const last = inOrder.findLastIndex(({ isThis }) => isThis);
  // Without a next one it was current until what is bad now, of which nobody may have told.
  const until = last < 0 ? [] : [inOrder[last + 1]?.at ?? now];
  const seenAt = operations.flatMap(({ from, startedAt }) =>
    from?.revision === revision.id ? startedAt ?? [] : [],
  );
  return [...seenAt, ...until].sort().at(-1);
}

function placementsOf({
  revision,
  deployments,
  operations,
}: RunFacts): Placement[] {
  // What an operation tells of itself is more than what its deployment does.
  const told = new Map(operations.map(each => [`operation:${each.id}`, each]));
  const isThis = (commit: string | undefined) =>
    commit !== undefined && isToldCommit(commit, revision.commit);
  return [
    ...deployments
      .filter(({ source }) => !told.has(source))
      .map(({ source, commit, finishedAt }) => ({
        at: finishedAt,
        source,
        isThis: isThis(commit),
      })),
    ...[...told].map(([source, { to, finishedAt }]) => ({
      at: finishedAt,
      source,
      isThis: to?.revision === revision.id || isThis(to?.commit),
    })),
  ];
}

function compare(left: Placement, right: Placement): number {
  const [one, other] = [left, right].map(({ at, source }) => `${at} ${source}`);
  return one < other ? -1 : 1;
}
