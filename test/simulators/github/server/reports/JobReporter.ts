import type { WorkflowJob } from '../state/model';
import type { JobReport } from './ReportSender';

/** What a job that has ended reports. */
export type JobReporter = (job: WorkflowJob) => JobReport[];

/** A report to `POST /evidence`, about the commit that the job ran on. */
export function evidence(
  job: WorkflowJob,
  query: {
    entityRef: string;
    type: string;
    format: string;
    suite?: string;
    mode?: string;
    environment?: string;
  },
  body: string,
): JobReport {
  return {
    path: '/evidence',
    query: { ...query, commit: job.attempt.run.headSha },
    // As report-evidence.sh sends every report
    contentType: 'application/octet-stream',
    body,
    as: 'job',
  };
}
