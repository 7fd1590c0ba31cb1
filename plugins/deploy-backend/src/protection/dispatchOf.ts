import {
  OperationKind,
  OperationStatus,
} from '@vvp/backstage-plugin-deploy-common';
import { RunFact } from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { OperationRow } from '../operations/engine/rows';
import { fileOf } from '../workflows/traceRuns';
import { Dispatch } from './types';

/** A start of a workflow that an operation asked GitHub for, as its step remembers it. */
export interface StartUnderWay {
  /** File name in `.github/workflows`, where the step's input names it. */
  workflow?: string;
  /** GitHub has told, and it is about to be noted. */
  runId?: number;
  sought?: { since: string; known: readonly number[] };
}

/** More starts than that at the same time are not looked at one by one: the run may be any of them. */
const MOST_STARTS = 100;

/** Of any workflow, at any time. */
const ANY_START: StartUnderWay = { sought: { since: '', known: [] } };

/**
 * Whether a run of which nothing is noted may be one that is being started.
 *
 * @param run - what is known of it so far
 */
export function maybeStarted(
  runId: string,
  run: Pick<RunFact, 'event' | 'createdAt' | 'workflowPath'> | undefined,
  { workflow, runId: told, sought }: StartUnderWay,
): boolean {
  if (told !== undefined) {
    return String(told) === runId;
  }
  if (!sought || sought.known.includes(Number(runId))) {
    return false;
  }
  return (
    !run ||
    (run.event === 'workflow_dispatch' &&
      run.createdAt >= sought.since &&
      (!workflow || !run.workflowPath || fileOf(run.workflowPath) === workflow))
  );
}

/** What the portal started a run for; undefined for one that it did not start. */
export async function loadDispatch(
  knex: Knex,
  asked: { repository: string; runId: string; run: RunFact | undefined },
): Promise<Dispatch | 'unsure' | undefined> {
  const { repository, runId, run } = asked;
  const row = await knex('dispatched_runs')
    .join('operations', 'operations.id', 'dispatched_runs.operation_id')
    .where({ repository, run_id: runId })
    .first<
      | {
          id: string;
          kind: OperationKind;
          status: OperationStatus;
          phase: OperationRow['phase'];
          context: string;
          environment_id: string;
          commit_sha: string;
          ended_at?: string | null;
        }
      | undefined
    >(
      'operations.id',
      'operations.kind',
      'operations.status',
      'operations.phase',
      'operations.context',
      'dispatched_runs.environment_id',
      'dispatched_runs.commit_sha',
      'dispatched_runs.finished_at as ended_at',
    );
  if (row) {
    const { promotion } = JSON.parse(row.context);
    return {
      operationId: row.id,
      kind: row.kind,
      status: row.status,
      ...(row.phase === 'compensating' && { isUndoing: true }),
      ...(row.ended_at && { hasEnded: true }),
      ...(typeof promotion === 'string' && { promotionId: promotion }),
      environmentId: row.environment_id,
      commit: row.commit_sha,
    };
  }
  const starts = await startsUnderWay(knex, repository);
  return starts.some(start => maybeStarted(runId, run, start))
    ? 'unsure'
    : undefined;
}

async function startsUnderWay(
  knex: Knex,
  repository: string,
): Promise<StartUnderWay[]> {
  const rows = await knex('operation_steps')
    .join('operations', 'operations.id', 'operation_steps.operation_id')
    .join('services', 'services.id', 'operations.service_id')
    .where('services.repository', repository)
    .where('operations.status', 'running')
    .whereLike('operation_steps.memory', '%"sought"%')
    .limit(MOST_STARTS + 1)
    .select<{ name: string; input: string; memory: string }[]>(
      'operation_steps.name',
      'operation_steps.input',
      'operation_steps.memory',
    );
  return rows.length > MOST_STARTS ? [ANY_START] : rows.flatMap(startsOf);
}

/** Steps whose runs only look at what is there. */
const ONLY_LOOK = ['smoke-test', 'integration-tests'];

/** The starts that a step remembers; none of runs that are never noted, as they are told no release. */
export function startsOf(step: {
  name: string;
  input: string;
  memory: string;
}): StartUnderWay[] {
  const { workflow, releaseInput, commit, release } = JSON.parse(step.input);
  if (ONLY_LOOK.includes(step.name) || !releaseInput || !(commit ?? release)) {
    return [];
  }
  return Object.values<StartUnderWay | null>(JSON.parse(step.memory)).flatMap(
    part =>
      part?.sought
        ? {
            ...(typeof workflow === 'string' && { workflow }),
            ...(part.runId !== undefined && { runId: part.runId }),
            sought: part.sought,
          }
        : [],
  );
}
