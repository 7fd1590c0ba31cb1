import type { WorkflowJob } from '../state/model';
import type { World } from '../state/World';
import { stepsOf } from '../workflow';
import type { JobReporter } from './JobReporter';
import type { JobReport } from './ReportSender';
import { edencoReports } from './pipelines/edenco';
import { phoenixReports } from './pipelines/phoenix';
import { sandboxReports } from './pipelines/sandbox';
import { voiceReports } from './pipelines/voice';
import { vvpReports } from './pipelines/vvp';
import { stepReports } from './stepReports';

const reporters: Record<string, JobReporter> = {
  'example-org/edenco': edencoReports,
  'example-org/ngx-voice': voiceReports,
  'example-org/phoenix-orchestrator': phoenixReports,
  'example-org/sandbox-broker': sandboxReports,
  'example-org/vvp': vvpReports,
};

const VVP = 'example-org/vvp';

/** Whether no story knows the job: it is of a service that was made since. */
function isOfNewService(job: WorkflowJob): boolean {
  const { fullName } = job.attempt.run.repository;
  return (
    !(fullName in reporters) ||
    (fullName === VVP && /^test-/.test(job.definitionId))
  );
}

/** What a job reports when it has ended, by its story or else by its steps; a job that did not run has nothing to say. */
export async function jobReports(
  world: World,
  job: WorkflowJob,
): Promise<JobReport[]> {
  const { repository, headSha, workflow } = job.attempt.run;
  if (job.conclusion !== 'success' && job.conclusion !== 'failure') return [];
  const told = reporters[repository.fullName]?.(job) ?? [];
  if (told.length > 0 || !isOfNewService(job)) return told;
  const definition = await world.definition(repository, headSha, workflow.path);
  return definition
    ? stepReports(job, stepsOf(definition, job.definitionId))
    : [];
}
