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
  const told = toldReports(job);
  if (told.length > 0 || !hasRun(job) || !isOfNewService(job)) return told;
  const definition = await world.definition(repository, headSha, workflow.path);
  return definition && job.mayAskForTokens
    ? stepReports(leftTo(job) ?? job, stepsOf(definition, job.definitionId))
    : [];
}

/**
 * What a job of the examples reports. What one leaves to another job comes with that one's token, and nothing with a
 * token that a job may not ask for.
 */
function toldReports(job: WorkflowJob): JobReport[] {
  const left = leftTo(job);
  return [
    ...storyOf(job).filter(({ as }) => as !== 'job' || !leavesReports(job)),
    ...(left ? storyOf(left).filter(({ as }) => as === 'job') : []),
  ].filter(({ as }) => as !== 'job' || job.mayAskForTokens);
}

function storyOf(job: WorkflowJob): JobReport[] {
  const reporter = reporters[job.attempt.run.repository.fullName];
  return hasRun(job) && reporter ? reporter(job) : [];
}

function hasRun({ conclusion }: WorkflowJob): boolean {
  return conclusion === 'success' || conclusion === 'failure';
}

function leavesReports({ steps }: WorkflowJob): boolean {
  return steps.some(({ name }) => name === 'Keep the reports for the portal');
}

/** The job, or the leg, whose reports one hands over, if it succeeds in that. */
function leftTo(job: WorkflowJob): WorkflowJob | undefined {
  return job.conclusion === 'success'
    ? job.attempt.jobs.find(
        other =>
          job.definitionId === `${other.definitionId}-report` &&
          legOf(job) === legOf(other),
      )
    : undefined;
}

/** What stands behind the key in the name of a leg, such as ` (stress)`. */
function legOf({ name, definitionId }: WorkflowJob): string {
  return name.slice(definitionId.length);
}
