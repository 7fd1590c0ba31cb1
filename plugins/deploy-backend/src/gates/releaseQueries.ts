import {
  decodeLines,
  Evidence,
  GateFacts,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { toEvidence } from '../evidence/store/toEvidence';
import { EvidenceFileRow, EvidenceRow } from '../store/rows';
import type { GateSubject } from './ReleaseFacts';
import { ServicePolicy } from './ServicePolicies';

/** How many of the last reports of each kind are looked at, beside those that baselines need. */
const REPORTS = 20;

/** Kinds of reports of a service that are looked at, all in all. */
const MAX_REPORTS = 5_000;

/** How many paths one statement asks for; SQLite takes no more than some hundred variables. */
const PATHS = 500;

/** Where a release was deployed with success. */
export type Deployed = GateFacts['deployed'];

/** The last reports of each kind, and those about the very commit. */
export async function loadReports(
  knex: Knex,
  policy: ServicePolicy,
  { commit, pullRequest }: GateSubject,
): Promise<{ reports: Evidence[]; pruned: Set<string> }> {
  const rules = policy.environments.flatMap(environment => environment.rules);
  const perKind =
    REPORTS + Math.max(0, ...rules.map(({ baseline }) => baseline?.over ?? 0));
  const lastOfEachKind = (where: (query: Knex.QueryBuilder) => void) =>
    knex
      .from(
        knex<EvidenceRow>('evidence')
          .where({ service_id: policy.serviceId })
          .modify(where)
          .select('*')
          .select(
            knex.raw(
              `row_number() over (
                partition by type, format, suite, mode, environment, tool
                order by measured_at desc, id desc
              ) as place`,
            ),
          )
          .as('ranked'),
      )
      .where('place', '<=', perKind)
      .orderBy([
        { column: 'measured_at', order: 'desc' },
        { column: 'id', order: 'desc' },
      ])
      .limit(MAX_REPORTS)
      .select<EvidenceRow[]>('*');
  const rows = [
    ...(await lastOfEachKind(query => query.whereNull('pull_request'))),
    ...(await lastOfEachKind(query =>
      query.where({ commit_sha: commit }).whereNull('pull_request'),
    )),
    ...(pullRequest === undefined
      ? []
      : await lastOfEachKind(query =>
          query.where({ commit_sha: commit, pull_request: pullRequest }),
        )),
  ];
  const byId = new Map(rows.map(row => [row.id, row]));
  const pruned = new Set(rows.flatMap(row => (row.pruned ? [row.id] : [])));
  const reports = [...byId.values()]
    .map(row => toEvidence({ ...row, entity_ref: policy.entityRef }))
    .sort(
      (a, b) =>
        b.measuredAt.localeCompare(a.measuredAt) || b.id.localeCompare(a.id),
    );
  return { reports, pruned };
}

export async function loadRelease(
  knex: Knex,
  serviceId: string,
  commit: string,
): Promise<{ since: string; version?: string } | undefined> {
  const row = await knex('releases')
    .leftJoin('deployments', 'deployments.release_id', 'releases.id')
    .where({ 'releases.service_id': serviceId, 'releases.commit_sha': commit })
    .groupBy('releases.id', 'releases.version', 'releases.created_at')
    .first<
      | { since?: string | null; created_at: string; version?: string | null }
      | undefined
    >(
      'releases.version',
      'releases.created_at',
      knex.raw('min(deployments.created_at) as since'),
    );
  return (
    row && {
      since: row.since ?? row.created_at,
      ...(row.version && { version: row.version }),
    }
  );
}

/** Whether some service of a repository was deployed or measured at a commit. */
export async function isOfRepository(
  knex: Knex,
  repository: string,
  commit: string,
): Promise<boolean> {
  for (const table of ['releases', 'evidence']) {
    const row = await knex(table)
      .join('services', 'services.id', `${table}.service_id`)
      .where({ 'services.repository': repository, commit_sha: commit })
      .first('services.id');
    if (row) {
      return true;
    }
  }
  return false;
}

export async function loadCoveredLines(
  knex: Knex,
  evidenceId: string,
  paths: readonly string[],
): Promise<{ path: string; covered: number[]; missed: number[] }[]> {
  const files: { path: string; covered: number[]; missed: number[] }[] = [];
  for (let start = 0; start < paths.length; start += PATHS) {
    const rows = await knex<EvidenceFileRow>('evidence_files')
      .where({ evidence_id: evidenceId })
      .whereIn('path', paths.slice(start, start + PATHS));
    for (const { path, covered, missed } of rows) {
      files.push({
        path,
        covered: decodeLines(covered ?? ''),
        missed: decodeLines(missed ?? ''),
      });
    }
  }
  return files;
}

export async function loadDeployed(
  knex: Knex,
  serviceId: string,
  commit: string,
): Promise<Deployed> {
  const first = await knex('deployments')
    .join('environments', 'environments.id', 'deployments.environment_id')
    .join('releases', 'releases.id', 'deployments.release_id')
    .where({
      'deployments.service_id': serviceId,
      'deployments.outcome': 'succeeded',
      'releases.commit_sha': commit,
    })
    .whereNotNull('deployments.finished_at')
    .groupBy('environments.id', 'environments.name', 'releases.id')
    .select<{ id: string; name: string; release_id: string; since: string }[]>(
      'environments.id as id',
      'environments.name as name',
      'releases.id as release_id',
      // The last time it went in: what ran before another release does not count.
      knex.raw('max(deployments.finished_at) as since'),
    );
  const deployed: Deployed = {};
  for (const { id, name, release_id: releaseId, since } of first) {
    const next = await knex('deployments')
      .where({ environment_id: id, outcome: 'succeeded' })
      .whereNot({ release_id: releaseId })
      .where('finished_at', '>', since)
      .min<{ until?: string | null }[]>('finished_at as until')
      .first();
    const until = (next as { until?: string | null } | undefined)?.until;
    deployed[name] = { since, ...(until && { until }) };
  }
  return deployed;
}

/** The commit that a release replaces in an environment, or would replace now. */
export async function loadReplaced(
  knex: Knex,
  where: { serviceId: string; environment: string; commit: string },
): Promise<string | undefined> {
  const succeeded = () =>
    knex('deployments')
      .join('environments', 'environments.id', 'deployments.environment_id')
      .join('releases', 'releases.id', 'deployments.release_id')
      .where({
        'deployments.service_id': where.serviceId,
        'deployments.outcome': 'succeeded',
        'environments.name': where.environment,
      })
      .whereNotNull('deployments.finished_at');
  const first = await succeeded()
    .where('releases.commit_sha', where.commit)
    .min<{ at?: string | null }[]>('deployments.finished_at as at')
    .first();
  const at = (first as { at?: string | null } | undefined)?.at;
  const before = succeeded()
    .whereNot('releases.commit_sha', where.commit)
    .orderBy('deployments.finished_at', 'desc');
  if (at) {
    before.andWhere('deployments.finished_at', '<', at);
  }
  const row = await before.first<{ commit_sha: string } | undefined>(
    'releases.commit_sha',
  );
  return row?.commit_sha;
}
