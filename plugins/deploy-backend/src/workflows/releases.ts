import { Revision } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { DispatchedRunRow } from './dispatchedRunRow';

/** A release that succeeded in an environment. */
export interface SucceededRelease {
  commit: string;
  version?: string;
  artifact?: string;
  /** When it last did, ISO 8601. */
  at: string;
}

/** What is known of the releases in an environment. */
export interface ReleaseHistory {
  succeeded: SucceededRelease[];
  /** What serves; absent if nothing does, as far as is known. */
  serving?: { commit: string; at: string };
}

/** What a target lists at most. */
const MOST_REVISIONS = 100;

/** The environment of a service of the catalog; undefined if it is not known. */
export async function findEnvironmentId(
  knex: Knex,
  entityRef: string,
  environment: string,
): Promise<string | undefined> {
  const row = await knex('environments')
    .join('services', 'services.id', 'environments.service_id')
    .where({
      'services.entity_ref': entityRef,
      'environments.name': environment,
    })
    .whereNull('services.removed_at')
    .first<{ id: string } | undefined>('environments.id as id');
  return row?.id;
}

/** What succeeded in an environment, by its deployments and by the runs that operations dispatched. */
export async function loadReleaseHistory(
  knex: Knex,
  environmentId: string,
): Promise<ReleaseHistory> {
  const deployed = await knex('deployments')
    .join('releases', 'releases.id', 'deployments.release_id')
    .where({ 'deployments.environment_id': environmentId })
    .whereIn('deployments.outcome', ['succeeded', 'superseded'])
    .whereNotNull('deployments.finished_at')
    .groupBy(
      'releases.id',
      'releases.commit_sha',
      'releases.version',
      'releases.artifact',
    )
    .orderBy('at', 'desc')
    .limit(MOST_REVISIONS)
    .select<
      {
        commit_sha: string;
        version?: string | null;
        artifact?: string | null;
        at: string;
      }[]
    >(
      'releases.commit_sha',
      'releases.version',
      'releases.artifact',
      knex.raw('max(deployments.finished_at) as at'),
    );
  const dispatched = await knex<DispatchedRunRow>('dispatched_runs')
    .where({ environment_id: environmentId, conclusion: 'success' })
    .whereNotNull('finished_at')
    .orderBy('finished_at', 'desc')
    .limit(MOST_REVISIONS);
  const current = await knex('environments')
    .join('deployments', 'deployments.id', 'environments.current_deployment_id')
    .join('releases', 'releases.id', 'deployments.release_id')
    .where({ 'environments.id': environmentId })
    .first<{ commit: string; at: string | null } | undefined>(
      'releases.commit_sha as commit',
      'deployments.finished_at as at',
    );
  const [newest] = dispatched;
  return mergeHistory({
    deployed: deployed.map(row => ({
      commit: row.commit_sha,
      ...(row.version && { version: row.version }),
      ...(row.artifact && { artifact: row.artifact }),
      at: row.at,
    })),
    dispatched: dispatched.map(row => ({
      commit: row.commit_sha,
      at: row.finished_at ?? '',
    })),
    serving: [
      ...(current ? [{ commit: current.commit, at: current.at ?? '' }] : []),
      ...(newest
        ? [{ commit: newest.commit_sha, at: newest.finished_at ?? '' }]
        : []),
    ],
  });
}

/** One entry a commit, newest first. Jobs that are mapped nowhere leave dispatched runs alone to tell. */
export function mergeHistory(parts: {
  deployed: readonly SucceededRelease[];
  dispatched: readonly { commit: string; at: string }[];
  /** What each source says serves; the newest one is right. */
  serving: readonly { commit: string; at: string }[];
}): ReleaseHistory {
  const byCommit = new Map<string, SucceededRelease>();
  for (const release of [...parts.deployed, ...parts.dispatched]) {
    const known = byCommit.get(release.commit);
    byCommit.set(release.commit, {
      ...release,
      ...known,
      at: known && known.at > release.at ? known.at : release.at,
    });
  }
  const succeeded = [...byCommit.values()]
    .sort((left, right) => (left.at < right.at ? 1 : -1))
    .slice(0, MOST_REVISIONS);
  const [serving] = [...parts.serving].sort((left, right) =>
    left.at < right.at ? 1 : -1,
  );
  return { succeeded, ...(serving && { serving }) };
}

/** The releases as revisions of the target. */
export function toRevisions(
  history: ReleaseHistory,
  unavailable: (release: SucceededRelease) => string | undefined,
): Revision[] {
  return history.succeeded.map(release => {
    const why = unavailable(release);
    return {
      id: release.commit,
      current: release.commit === history.serving?.commit,
      commit: release.commit,
      ...(release.version && { version: release.version }),
      ...(release.artifact && { artifact: release.artifact }),
      createdAt: release.at,
      health: 'unknown',
      ...(why && { unavailable: why }),
    };
  });
}
