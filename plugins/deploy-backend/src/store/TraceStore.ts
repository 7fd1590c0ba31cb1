import { Fact, RunFact } from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { deriveDeployments, DerivedTrace } from '../fold/deriveDeployments';
import {
  absorb,
  emptyTrace,
  mergeTraces,
  Trace,
  traceKeyOf,
} from '../fold/trace';
import { deploymentAlias, homeOf } from '../fold/traceHome';
import { findTriggeringRun, TRIGGER_WINDOW_MS } from '../fold/triggeringRun';
import { ServiceMapping } from '../mapping/types';
import { withDispatchedCommits } from '../workflows/DispatchedRuns';
import {
  KnownDeployment,
  isUnchanged,
  knownDeployments,
  writeDeployments,
} from './DeploymentWriter';
import { retryDeadlocks } from './retryDeadlocks';
import { TraceRow } from './rows';

/** What folding some facts has changed. */
export interface FoldResult {
  /** Services whose deployments or environments may look different now. */
  serviceIds: string[];
  unmapped: DerivedTrace['unmapped'];
}

interface AliasRow {
  alias: string;
  key: string;
}

interface LoadedTrace {
  /** As it stands in the table. */
  row: TraceRow;
  /** Keys it was known under before, its own first. */
  formerKeys: string[];
  trace: Trace;
}

/** Folds facts into traces and keeps the deployments that follow from them. */
export class TraceStore {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** Folds facts of one repository. The same facts again change nothing. */
  async fold(
    facts: readonly Fact[],
    services: readonly ServiceMapping[],
    now: Date,
  ): Promise<FoldResult> {
    return this.#inTransaction(async tx => {
      const results: FoldResult[] = [];
      for (const fact of facts) {
        const loaded = await loadForFact(tx, fact);
        const folded = { ...loaded, trace: absorb(loaded.trace, fact) };
        const result = await derive(tx, folded, services, now);
        results.push({
          ...result,
          unmapped: result.unmapped.filter(one => isAbout(fact, one)),
        });
        if (fact.kind === 'run' && fact.status === 'completed') {
          results.push(await deriveChildren(tx, fact, services, now));
        }
      }
      return mergeResults(results);
    });
  }

  /** Traces by key, those that are known. */
  async getMany(keys: readonly string[]): Promise<Map<string, Trace>> {
    const rows = await this.#knex<TraceRow>('traces').whereIn('key', [...keys]);
    return new Map(rows.map(row => [row.key, parseState(row)]));
  }

  /** Whether it is known how a deployment recorded at its source ended. */
  async isDeploymentSettled(
    repository: string,
    deploymentId: string,
  ): Promise<boolean> {
    const alias = await this.#knex<AliasRow>('trace_aliases')
      .where({ alias: `${repository}:deployment:${deploymentId}` })
      .first();
    const traces = await this.getMany(alias ? [alias.key] : []);
    const deployment = traces.get(alias?.key ?? '')?.deployments[deploymentId];
    return Boolean(deployment?.outcome ?? deployment?.inactive);
  }

  /**
   * Derives the deployments of a repository's traces again, because the mapping has changed.
   *
   * @param after - key to go on from
   * @returns the last key done, undefined at the end
   */
  async rederive(options: {
    repository: string;
    services: readonly ServiceMapping[];
    after?: string;
    limit: number;
    now: Date;
  }): Promise<{ result: FoldResult; lastKey?: string }> {
    return this.#inTransaction(async tx => {
      const rows: TraceRow[] = await tx<TraceRow>('traces')
        .where('repository', options.repository)
        .modify(query => {
          if (options.after) query.andWhere('key', '>', options.after);
        })
        .orderBy('key')
        .limit(options.limit)
        .forUpdate();
      const known = await knownDeployments(
        tx,
        rows.map(row => row.key),
      );
      const results: FoldResult[] = [];
      for (const row of rows) {
        results.push(
          await derive(tx, loadedFrom(row), options.services, options.now, {
            known: known.filter(one => one.trace_key === row.key),
          }),
        );
      }
      return {
        result: mergeResults(results),
        ...(rows.length === options.limit && { lastKey: rows.at(-1)?.key }),
      };
    });
  }

  async #inTransaction<T>(
    run: (tx: Knex.Transaction) => Promise<T>,
  ): Promise<T> {
    return retryDeadlocks(() => this.#knex.transaction(run));
  }
}

/**
 * Loads and locks the trace a fact belongs to. A deployment that was first known without its run
 * joins the run's trace as soon as an event names it.
 */
async function loadForFact(
  tx: Knex.Transaction,
  fact: Fact,
): Promise<LoadedTrace> {
  const ownKey = traceKeyOf(fact);
  if (fact.kind !== 'deployment') {
    return loadedFrom(await lockTrace(tx, ownKey, fact.repository));
  }

  const alias = deploymentAlias(fact);
  await tx<AliasRow>('trace_aliases')
    .insert({ alias, key: ownKey })
    .onConflict('alias')
    .ignore();
  const known = await tx<AliasRow>('trace_aliases')
    .where({ alias })
    .forUpdate()
    .first();
  const { key, absorbed } = homeOf(fact, known?.key ?? ownKey);
  const row = await lockTrace(tx, key, fact.repository);
  if (!absorbed) {
    return loadedFrom(row);
  }
  const former = await lockTrace(tx, absorbed, fact.repository);
  await tx<TraceRow>('traces').where('key', absorbed).delete();
  await tx<AliasRow>('trace_aliases').where({ alias }).update({ key });
  return {
    row,
    formerKeys: [key, absorbed],
    trace: mergeTraces(parseState(row), parseState(former)),
  };
}

function loadedFrom(row: TraceRow): LoadedTrace {
  return { row, formerKeys: [row.key], trace: parseState(row) };
}

async function lockTrace(
  tx: Knex.Transaction,
  key: string,
  repository: string,
): Promise<TraceRow> {
  const fresh: TraceRow = {
    key,
    repository,
    state: JSON.stringify(emptyTrace),
    triggered: false,
    updated_at: new Date(0).toISOString(),
  };
  await tx<TraceRow>('traces').insert(fresh).onConflict('key').ignore();
  return (
    (await tx<TraceRow>('traces').where({ key }).forUpdate().first()) ?? fresh
  );
}

/** Saves a trace and makes the deployments be what it says; writes nothing that stands there already. */
async function derive(
  tx: Knex.Transaction,
  { row, formerKeys, trace }: LoadedTrace,
  services: readonly ServiceMapping[],
  now: Date,
  preloaded?: { known: KnownDeployment[] },
): Promise<FoldResult> {
  const parent = await findParent(tx, row.repository, trace);
  await saveTrace(tx, row, trace, parent && traceKeyOf(parent), now);
  const known = preloaded?.known ?? (await knownDeployments(tx, formerKeys));
  const derived = deriveDeployments(trace, services, {
    parent,
    former: known
      // A guess holds until the run itself says which workflow it is.
      .filter(one => !one.guessed || Object.keys(trace.runs).length === 0)
      .map(one => ({
        source: one.source,
        serviceId: one.service_id,
        environment: one.environment,
        commit: one.commit_sha,
      })),
  });
  const { unmapped } = derived;
  const isDispatched = Object.values(trace.runs).some(
    run => run.event === 'workflow_dispatch',
  );
  const deployments = isDispatched
    ? await withDispatchedCommits(tx, row.repository, derived.deployments)
    : derived.deployments;
  const serviceIds = isUnchanged(known, deployments)
    ? []
    : await writeDeployments(tx, row.key, known, deployments, now);
  return { serviceIds, unmapped };
}

async function saveTrace(
  tx: Knex.Transaction,
  row: TraceRow,
  trace: Trace,
  parentKey: string | undefined,
  now: Date,
): Promise<void> {
  const state = JSON.stringify(trace);
  if (state === row.state && parentKey === (row.parent_key ?? undefined)) {
    return;
  }
  const runs = Object.values(trace.runs);
  await tx<TraceRow>('traces')
    .where({ key: row.key })
    .update({
      state,
      run_id: Object.values({ ...trace.runs, ...trace.jobs })[0]?.runId ?? null,
      parent_key: parentKey ?? null,
      triggered: runs.some(run => run.event === 'workflow_run'),
      started_at: runs.map(run => run.createdAt).sort()[0] ?? null,
      completed_at: latestCompletion(runs) ?? null,
      updated_at: now.toISOString(),
    });
}

async function findParent(
  tx: Knex.Transaction,
  repository: string,
  trace: Trace,
): Promise<RunFact | undefined> {
  const child = Object.values(trace.runs)[0];
  if (child?.event !== 'workflow_run') {
    return undefined;
  }
  const created = Date.parse(child.createdAt);
  const rows = await tx<TraceRow>('traces')
    .where({ repository })
    // One that was run again later still is the parent, by whichever of its attempts.
    .andWhere(
      'completed_at',
      '>=',
      new Date(created - TRIGGER_WINDOW_MS).toISOString(),
    )
    .andWhere('started_at', '<=', child.createdAt);
  return findTriggeringRun(
    child,
    rows.flatMap(row => Object.values(parseState(row).runs)),
  );
}

async function deriveChildren(
  tx: Knex.Transaction,
  parent: RunFact,
  services: readonly ServiceMapping[],
  now: Date,
): Promise<FoldResult> {
  const completed = Date.parse(parent.updatedAt);
  const children = await tx<TraceRow>('traces')
    .where({ repository: parent.repository, triggered: true })
    .whereBetween('started_at', [
      new Date(completed - TRIGGER_WINDOW_MS).toISOString(),
      new Date(completed + TRIGGER_WINDOW_MS).toISOString(),
    ])
    .orderBy('key')
    .forUpdate();
  const results: FoldResult[] = [];
  for (const row of children) {
    results.push(await derive(tx, loadedFrom(row), services, now));
  }
  return mergeResults(results);
}

/** Whether a finding is about what a fact says has ended, so that each is counted once. */
function isAbout(
  fact: Fact,
  { kind, name }: FoldResult['unmapped'][number],
): boolean {
  if (fact.kind === 'job') {
    return kind === 'job' && name === fact.name && fact.status === 'completed';
  }
  return (
    fact.kind === 'deployment' &&
    kind === 'deployment' &&
    name === fact.environment
  );
}

function latestCompletion(runs: readonly RunFact[]): string | undefined {
  return runs
    .filter(run => run.status === 'completed')
    .map(run => run.updatedAt)
    .sort()
    .at(-1);
}

function parseState(row: TraceRow): Trace {
  return JSON.parse(row.state);
}

function mergeResults(results: readonly FoldResult[]): FoldResult {
  return {
    serviceIds: [...new Set(results.flatMap(result => result.serviceIds))],
    unmapped: results.flatMap(result => result.unmapped),
  };
}
