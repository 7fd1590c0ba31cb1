import { Trace } from '../fold/trace';

/** A run as GitHub's list gives it. */
export interface ListedRun {
  id: number;
  run_attempt?: number;
  status: string | null;
  updated_at: string;
}

/**
 * Whether a run has something to tell that its events did not: it is not known, has gone on since,
 * or one of its jobs never said how it ended.
 */
export function isBehind(run: ListedRun, trace: Trace | undefined): boolean {
  const attempt = run.run_attempt ?? 1;
  const known = trace?.runs[attempt];
  if (!trace || !known) {
    return true;
  }
  if (known.status !== 'completed') {
    return (
      run.status === 'completed' ||
      Date.parse(run.updated_at) > Date.parse(known.updatedAt)
    );
  }
  const jobs = Object.values(trace.jobs).filter(job => job.attempt === attempt);
  return jobs.length === 0 || jobs.some(job => job.status !== 'completed');
}
