import type { WorkflowJob } from '../state/model';
import type { JobReporter } from './JobReporter';
import type { JobReport } from './ReportSender';
import { edencoReports } from './pipelines/edenco';
import { phoenixReports } from './pipelines/phoenix';
import { sandboxReports } from './pipelines/sandbox';
import { voiceReports } from './pipelines/voice';
import { vvpReports } from './pipelines/vvp';

const reporters: Record<string, JobReporter> = {
  'example-org/edenco': edencoReports,
  'example-org/ngx-voice': voiceReports,
  'example-org/phoenix-orchestrator': phoenixReports,
  'example-org/sandbox-broker': sandboxReports,
  'example-org/vvp': vvpReports,
};

/** What a job of the examples reports when it has ended; a job that did not run has nothing to say. */
export function jobReports(job: WorkflowJob): JobReport[] {
  const hasRun = job.conclusion === 'success' || job.conclusion === 'failure';
  const reporter = reporters[job.attempt.run.repository.fullName];
  return hasRun && reporter ? reporter(job) : [];
}
