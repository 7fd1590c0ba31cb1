import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import {
  DeploymentRow,
  EnvironmentRow,
  ReleaseRow,
  TraceRow,
} from '../store/rows';
import { mapJob } from '../mapping/mapJob';
import { CallbackStore } from '../protection/CallbackStore';
import { JobAnswer, RunAnswer } from './answers';
import { loadDeployedEnvironment } from './deployedEnvironment';
import { DispatchedRunRow } from './dispatchedRunRow';
import { loadReleaseHistory } from './releases';

/** A run that deploys something else than the commit it runs at. */
export interface DispatchedRun {
  repository: string;
  runId: number;
  environmentId: string;
  /** What its inputs tell it to deploy. */
  commit: string;
  operationId: string;
}

/**
 * Keeps what dispatched runs deploy. GitHub tells of them only the head of the branch that they were
 * dispatched on; taken for the release, a rollback would look like a deployment of the newest commit.
 */
export class DispatchedRuns {
  readonly #knex: Knex;

  constructor(knex: Knex) {
    this.#knex = knex;
  }

  /** May be called again. Deployments that the run's events have made already are put right. */
  async record(run: DispatchedRun, now: Date): Promise<void> {
    const { repository, environmentId, commit } = run;
    const runId = String(run.runId);
    await this.#knex.transaction(async tx => {
      // Whoever folds the run's events right now comes before or after, and finds it then.
      await tx<TraceRow>('traces')
        .where({ key: `${repository}:run:${runId}` })
        .forUpdate()
        .first('key');
      await tx<DispatchedRunRow>('dispatched_runs')
        .insert({
          repository,
          run_id: runId,
          environment_id: environmentId,
          commit_sha: commit,
          operation_id: run.operationId,
        })
        .onConflict(['repository', 'run_id'])
        .merge(['environment_id', 'commit_sha', 'operation_id']);
      // A job of it may have asked before it was known what it is.
      await new CallbackStore(tx).touch({ repository, runIds: [runId] }, now);
      const environment = await tx<EnvironmentRow>('environments')
        .where({ id: environmentId })
        .first('service_id');
      const made = await tx<DeploymentRow>('deployments')
        .where({ environment_id: environmentId, run_id: runId })
        .select('id');
      if (!environment || made.length === 0) {
        return;
      }
      const release = {
        service_id: environment.service_id,
        commit_sha: commit,
      };
      await tx<ReleaseRow>('releases')
        .insert({ id: uuid(), ...release, created_at: now.toISOString() })
        .onConflict(['service_id', 'commit_sha'])
        .ignore();
      const row = await tx<ReleaseRow>('releases').where(release).first('id');
      await tx<DeploymentRow>('deployments')
        .whereIn(
          'id',
          made.map(deployment => deployment.id),
        )
        .update({ release_id: row?.id });
    });
  }

  /** Whether what an order brings is what serves; so if it deploys nothing. */
  async serves(order: {
    environmentId?: string;
    release?: { commit: string };
  }): Promise<boolean> {
    if (!order.environmentId || !order.release) {
      return true;
    }
    const { serving } = await loadReleaseHistory(
      this.#knex,
      order.environmentId,
    );
    return serving?.commit === order.release.commit;
  }

  /** Those among the jobs of a run that deploy into an environment; none where deploy.yaml maps none of them. */
  async deployingJobs(
    environmentId: string,
    run: Pick<RunAnswer, 'path' | 'name' | 'head_branch'>,
    jobs: readonly JobAnswer[],
  ): Promise<JobAnswer[]> {
    const environment = await loadDeployedEnvironment(
      this.#knex,
      environmentId,
    );
    return jobs.filter(
      ({ name }) =>
        environment &&
        mapJob(
          {
            name,
            workflowPath: run.path?.split('@')[0],
            workflowName: run.name,
            ref: run.head_branch,
          },
          [environment.mapping],
        ).some(target => target.environment === environment.name),
    );
  }

  /** Runs that an operation dispatched and that were not seen to end. */
  async openOf(operationId: string): Promise<number[]> {
    const rows = await this.#knex<DispatchedRunRow>('dispatched_runs')
      .where({ operation_id: operationId })
      .whereNull('finished_at')
      .select('run_id');
    return rows.map(row => Number(row.run_id));
  }

  async finish(
    run: Pick<DispatchedRun, 'repository' | 'runId'>,
    conclusion: string,
    finishedAt: string,
  ): Promise<void> {
    await this.#knex<DispatchedRunRow>('dispatched_runs')
      .where({ repository: run.repository, run_id: String(run.runId) })
      .update({ conclusion, finished_at: finishedAt });
  }
}

/** Puts the commits right of deployments that dispatched runs made. */
export async function withDispatchedCommits<
  T extends {
    serviceId: string;
    environment: string;
    runId?: string;
    commit: string;
  },
>(
  tx: Knex.Transaction,
  repository: string,
  deployments: readonly T[],
): Promise<T[]> {
  const runIds = [...new Set(deployments.flatMap(one => one.runId ?? []))];
  if (runIds.length === 0) {
    return [...deployments];
  }
  const rows = await tx('dispatched_runs')
    .join('environments', 'environments.id', 'dispatched_runs.environment_id')
    .where({ repository })
    .whereIn('run_id', runIds)
    .select<
      {
        run_id: string;
        service_id: string;
        name: string;
        commit_sha: string;
      }[]
    >('run_id', 'service_id', 'name', 'commit_sha');
  return deployments.map(deployment => {
    const row = rows.find(
      one =>
        one.run_id === deployment.runId &&
        one.service_id === deployment.serviceId &&
        one.name === deployment.environment,
    );
    return row ? { ...deployment, commit: row.commit_sha } : deployment;
  });
}
