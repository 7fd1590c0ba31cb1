import { Knex } from 'knex';
import { mapJob } from '../mapping/mapJob';
import { JobAnswer, RunAnswer } from './answers';
import {
  DeployedEnvironment,
  loadDeployedEnvironment,
} from './deployedEnvironment';
import { loadDispatches } from './pipelineRuns';
import { SucceededRelease } from './releases';
import { WorkflowApi } from './WorkflowApi';

/** How many runs are looked into at most; the next ones come in by webhooks or the poll. */
const MOST_RUNS = 10;

/**
 * What a pipeline has deployed since the last deployment that is known: webhooks come late, or never. Runs
 * that operations dispatched are known better by these.
 *
 * @param options.workflow - asked where no job is known to deploy here, so that it is known that GitHub answers
 */
export async function findUntoldReleases(
  knex: Knex,
  api: WorkflowApi,
  options: { environmentId: string; workflow: string; since?: string },
): Promise<SucceededRelease[]> {
  const { environmentId, workflow, since = '' } = options;
  const environment = await loadDeployedEnvironment(knex, environmentId);
  if (!environment) {
    return [];
  }
  const workflows = new Set([workflow, ...environment.workflows]);
  const releases: SucceededRelease[] = [];
  for (const file of workflows) {
    const { runs } = await api.runsIfThere(file);
    const newer = runs
      .filter(run => run.updated_at > since)
      .slice(0, MOST_RUNS);
    const dispatched = await loadDispatches(
      knex,
      api.repository,
      newer.map(run => String(run.id)),
    );
    for (const run of newer.filter(one => !dispatched.has(String(one.id)))) {
      const { value: jobs } = await api.jobsUnless(run.id);
      releases.push(...releasesOf(environment, run, jobs));
    }
  }
  return releases
    .filter(release => release.at > since)
    .sort((left, right) => (left.at < right.at ? 1 : -1));
}

/** What the jobs of a run have deployed into an environment. */
export function releasesOf(
  environment: Pick<DeployedEnvironment, 'name' | 'mapping'>,
  run: RunAnswer,
  jobs: readonly JobAnswer[],
): SucceededRelease[] {
  return jobs.flatMap(job => {
    const target = mapJob(
      {
        name: job.name,
        workflowPath: run.path?.split('@')[0],
        ref: run.head_branch,
      },
      [environment.mapping],
    ).find(one => one.environment === environment.name);
    return job.conclusion === 'success' &&
      job.completed_at &&
      // Whose commit another run's run deploys, this run does not say.
      target?.commit === 'run'
      ? { commit: run.head_sha, at: job.completed_at }
      : [];
  });
}
