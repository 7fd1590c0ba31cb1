import { ProtectionFact } from '@vvp/backstage-plugin-deploy-node';
import { Trace } from '../fold/trace';
import { waitingJobsOf } from './concerned';
import { isSame } from './denoted';

/**
 * What a run asks at environments, by its jobs that wait.
 *
 * @param asking - environments at which it does, as GitHub names them
 */
export function missedCallbacks(
  trace: Trace,
  asking: readonly string[],
): Omit<ProtectionFact, 'kind' | 'callbackUrl'>[] {
  const waiting = new Set(waitingJobsOf(trace).map(job => job.jobId));
  return Object.values(trace.deployments)
    .filter(
      ({ base, outcome, inactive }) =>
        base.jobId &&
        waiting.has(base.jobId) &&
        !outcome &&
        !inactive &&
        asking.some(name => isSame(name, base.environment)),
    )
    .flatMap(({ base }) =>
      base.runId
        ? [
            {
              repository: base.repository,
              runId: base.runId,
              // In the spelling that callbacks had, so that they meet.
              environment:
                asking.find(name => isSame(name, base.environment)) ??
                base.environment,
              deploymentId: base.deploymentId,
              commit: base.commit,
              ref: base.ref,
              actor: base.actor,
              at: base.createdAt,
            },
          ]
        : [],
    );
}
