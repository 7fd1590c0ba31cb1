import { PipelineRun } from '@vvp/backstage-plugin-deploy-common';
import { RunFact } from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { Trace } from '../fold/trace';
import { TraceRow } from '../store/rows';

/** How many runs back a chain is followed. */
const MAX_CHAIN = 5;

/** What is known of the runs behind deployments, by trace key. */
export interface RunIndex {
  run(traceKey: string, attempt: number): PipelineRun | undefined;
  /** The runs that led to this one, nearest first. */
  chain(traceKey: string): PipelineRun[];
}

/** Loads the runs of some traces, and those that started them. */
export async function loadRuns(
  knex: Knex,
  traceKeys: readonly string[],
): Promise<RunIndex> {
  const loaded = new Map<string, { trace: Trace; parentKey?: string }>();
  let wanted = [...new Set(traceKeys)];
  for (let depth = 0; depth <= MAX_CHAIN && wanted.length > 0; depth++) {
    const rows = await knex<TraceRow>('traces')
      .whereIn('key', wanted)
      .select('key', 'state', 'parent_key');
    for (const row of rows) {
      loaded.set(row.key, {
        trace: JSON.parse(row.state),
        parentKey: row.parent_key ?? undefined,
      });
    }
    wanted = [
      ...new Set(
        rows.flatMap(row =>
          row.parent_key && !loaded.has(row.parent_key) ? row.parent_key : [],
        ),
      ),
    ];
  }

  return {
    run(traceKey, attempt) {
      const fact = loaded.get(traceKey)?.trace.runs[attempt];
      return fact && toPipelineRun(fact);
    },
    chain(traceKey) {
      const runs: PipelineRun[] = [];
      let key = loaded.get(traceKey)?.parentKey;
      while (key && runs.length < MAX_CHAIN) {
        const entry = loaded.get(key);
        const last = entry && lastAttempt(entry.trace);
        if (!entry || !last) {
          break;
        }
        runs.push(toPipelineRun(last));
        key = entry.parentKey;
      }
      return runs;
    },
  };
}

function lastAttempt(trace: Trace): RunFact | undefined {
  return Object.values(trace.runs).sort(
    (left, right) => right.attempt - left.attempt,
  )[0];
}

function toPipelineRun(fact: RunFact): PipelineRun {
  return {
    runId: fact.runId,
    attempt: fact.attempt,
    workflowName: fact.workflowName,
    ...(fact.workflowPath && { workflowPath: fact.workflowPath }),
    event: fact.event,
    ...(fact.url && { url: fact.url }),
  };
}
