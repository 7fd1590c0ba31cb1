import { Knex } from 'knex';
import { v4 as uuid, v5 as namedUuid } from 'uuid';
import { DerivedDeployment } from '../fold/deriveDeployments';
import { guessTier } from '../mapping/guessTier';
import { DeploymentRow, EnvironmentRow, ReleaseRow } from './rows';

/** Namespace of deployment ids: the same source in the same environment always has the same id. */
const DEPLOYMENT_NAMESPACE = '2f0b8c1e-5c55-4c7b-9d3e-0a3b8f6f4a10';

/** A deployment that is there, with its environment's name and its release. */
export type KnownDeployment = DeploymentRow & {
  environment: string;
  commit_sha: string;
  version?: string | null;
};

/** The deployments that some traces amounted to before. */
export async function knownDeployments(
  tx: Knex.Transaction,
  traceKeys: readonly string[],
): Promise<KnownDeployment[]> {
  return tx('deployments')
    .join('environments', 'environments.id', 'deployments.environment_id')
    .join('releases', 'releases.id', 'deployments.release_id')
    .whereIn('deployments.trace_key', [...traceKeys])
    .select<KnownDeployment[]>(
      'deployments.*',
      'environments.name as environment',
      'releases.commit_sha',
      'releases.version',
    );
}

/** Whether deployments stand in the tables just as they were derived. */
export function isUnchanged(
  known: readonly KnownDeployment[],
  derived: readonly DerivedDeployment[],
): boolean {
  return (
    known.length === derived.length &&
    derived.every(deployment =>
      known.some(row => {
        const { serviceId, environment, commit, status } = deployment;
        const columns = toColumns(deployment);
        return (
          row.service_id === serviceId &&
          row.environment === environment &&
          row.commit_sha === commit &&
          row.outcome === status &&
          Boolean(row.asked_first) === deployment.askedFirst &&
          Boolean(row.reviewed_first) === deployment.reviewedFirst &&
          Boolean(row.guessed) === deployment.guessed &&
          (!deployment.version || Boolean(row.version)) &&
          Object.entries(columns).every(
            ([column, value]) => row[column as keyof typeof columns] === value,
          )
        );
      }),
    )
  );
}

/**
 * Makes the deployments of a trace be exactly `derived`, within a transaction, and brings the
 * environments concerned up to date.
 *
 * @param known - those that were there before
 * @returns ids of the services concerned
 */
export async function writeDeployments(
  tx: Knex.Transaction,
  traceKey: string,
  known: readonly KnownDeployment[],
  derived: readonly DerivedDeployment[],
  now: Date,
): Promise<string[]> {
  const environments = await ensureEnvironments(tx, derived);
  // One process at a time decides what is current in an environment. The order prevents deadlocks.
  const environmentIds = new Set([
    ...known.map(row => row.environment_id),
    ...environments.values(),
  ]);
  await lockEnvironments(tx, [...environmentIds].sort());

  const rows: DeploymentRow[] = [];
  for (const deployment of derived) {
    rows.push(await toRow(tx, traceKey, deployment, environments, now));
  }
  for (const row of rows) {
    await tx<DeploymentRow>('deployments')
      .insert(row)
      .onConflict(['source', 'environment_id'])
      .merge();
  }
  const kept = new Set(rows.map(row => row.id));
  const gone = known.filter(row => !kept.has(row.id));
  if (gone.length > 0) {
    await tx<DeploymentRow>('deployments')
      .whereIn(
        'id',
        gone.map(row => row.id),
      )
      .delete();
  }
  for (const environmentId of environmentIds) {
    await projectEnvironment(tx, environmentId);
  }
  return [...new Set([...known, ...rows].map(row => row.service_id))];
}

/** The same for the same source in the same environment. */
export function deploymentId(environmentId: string, source: string): string {
  return namedUuid(`${environmentId}\n${source}`, DEPLOYMENT_NAMESPACE);
}

async function toRow(
  tx: Knex.Transaction,
  traceKey: string,
  deployment: DerivedDeployment,
  environments: ReadonlyMap<string, string>,
  now: Date,
): Promise<DeploymentRow> {
  const environmentId = environments.get(environmentKey(deployment)) ?? '';
  return {
    id: deploymentId(environmentId, deployment.source),
    service_id: deployment.serviceId,
    environment_id: environmentId,
    release_id: await ensureRelease(tx, deployment, now),
    trace_key: traceKey,
    outcome: deployment.status,
    status: deployment.status,
    asked_first: deployment.askedFirst,
    reviewed_first: deployment.reviewedFirst,
    guessed: deployment.guessed,
    ...toColumns(deployment),
  };
}

/** What is written as it is. Explicit nulls: an upsert must also forget what no longer holds. */
function toColumns(deployment: DerivedDeployment) {
  return {
    source: deployment.source,
    ref: deployment.ref ?? null,
    actor: deployment.actor ?? null,
    title: deployment.title ?? null,
    url: deployment.url ?? null,
    job_name: deployment.jobName ?? null,
    run_id: deployment.runId ?? null,
    attempt: deployment.attempt ?? null,
    created_at: deployment.createdAt,
    started_at: deployment.startedAt ?? null,
    finished_at: deployment.finishedAt ?? null,
  };
}

export async function ensureRelease(
  tx: Knex.Transaction,
  deployment: Pick<DerivedDeployment, 'serviceId' | 'commit' | 'version'>,
  now: Date,
): Promise<string> {
  const key = {
    service_id: deployment.serviceId,
    commit_sha: deployment.commit,
  };
  await tx<ReleaseRow>('releases')
    .insert({ id: uuid(), ...key, created_at: now.toISOString() })
    .onConflict(['service_id', 'commit_sha'])
    .ignore();
  if (deployment.version) {
    await tx<ReleaseRow>('releases')
      .where(key)
      .whereNull('version')
      .update({ version: deployment.version });
  }
  const release = await tx<ReleaseRow>('releases').where(key).first('id');
  return release?.id ?? '';
}

async function ensureEnvironments(
  tx: Knex.Transaction,
  derived: readonly DerivedDeployment[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const deployment of derived) {
    const key = environmentKey(deployment);
    if (!ids.has(key)) {
      ids.set(
        key,
        await ensureEnvironment(
          tx,
          deployment.serviceId,
          deployment.environment,
        ),
      );
    }
  }
  return ids;
}

/** The id of an environment; one that nobody declared is added at the end. */
export async function ensureEnvironment(
  tx: Knex.Transaction,
  serviceId: string,
  name: string,
): Promise<string> {
  const find = () =>
    tx<EnvironmentRow>('environments')
      .where({ service_id: serviceId, name })
      .first('id');
  const found = await find();
  if (found) {
    return found.id;
  }
  const last = await tx('environments')
    .where({ service_id: serviceId })
    .max<{ position: number | null }>('position as position')
    .first();
  await tx<EnvironmentRow>('environments')
    .insert({
      id: uuid(),
      service_id: serviceId,
      name,
      tier: guessTier(name),
      position: (last?.position ?? -1) + 1,
      declared: false,
      enforced: false,
    })
    .onConflict(['service_id', 'name'])
    .ignore();
  return (await find())?.id ?? '';
}

/** One process at a time decides what is current in an environment. Give ids in order. */
export async function lockEnvironments(
  tx: Knex.Transaction,
  ids: readonly string[],
): Promise<void> {
  if (ids.length > 0) {
    await tx<EnvironmentRow>('environments')
      .select('id')
      .whereIn('id', [...ids])
      .orderBy('id')
      .forUpdate();
  }
}

/**
 * Decides among the deployments of one environment: the one that finished last of those that
 * worked is current, unless it was taken down or rolled back, and the earlier ones are superseded.
 */
export async function projectEnvironment(
  tx: Knex.Transaction,
  environmentId: string,
): Promise<void> {
  const inEnvironment = () =>
    tx<DeploymentRow>('deployments').where('environment_id', environmentId);
  const newest = await inEnvironment()
    .whereIn('outcome', ['succeeded', 'superseded'])
    .whereNull('rolled_back')
    .orderBy([
      { column: 'finished_at', order: 'desc' },
      { column: 'source', order: 'desc' },
    ])
    .first('id', 'outcome', 'status', 'finished_at');
  // One that was taken down, with nothing in its place, leaves the environment empty.
  const current = newest?.outcome === 'succeeded' ? newest : undefined;
  const latest = await inEnvironment()
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first('id');
  // One that is only queued may still ask; what the portal itself puts there asks nobody, and says nothing of the pipeline.
  const lastToEnter = await inEnvironment()
    .andWhereNot('source', 'like', 'operation:%')
    .andWhere(query => {
      query
        .where('asked_first', true)
        .orWhere('reviewed_first', true)
        .orWhereNotNull('started_at');
    })
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .first('asked_first', 'reviewed_first');
  // Its own events, read again, do not know that it was taken out.
  await inEnvironment()
    .whereNotNull('rolled_back')
    .whereIn('outcome', ['succeeded', 'superseded'])
    .update({ status: 'rolled_back' });
  await inEnvironment()
    .andWhere({ outcome: 'succeeded', status: 'succeeded' })
    .whereNot('id', current?.id ?? '')
    .update({ status: 'superseded' });
  if (current && current.status !== 'succeeded') {
    await inEnvironment()
      .andWhere('id', current.id)
      .update({ status: 'succeeded' });
  }
  await tx<EnvironmentRow>('environments')
    .where('id', environmentId)
    .update({
      current_deployment_id: current?.id ?? null,
      latest_deployment_id: latest?.id ?? null,
      last_deployed_at: current?.finished_at ?? null,
      enforced: Boolean(lastToEnter?.asked_first),
      reviewed: Boolean(lastToEnter?.reviewed_first),
    });
}

function environmentKey(deployment: DerivedDeployment): string {
  return `${deployment.serviceId}\n${deployment.environment}`;
}
