import {
  DeploymentFact,
  DeploymentStatusFact,
  Fact,
  JobFact,
  ProgressStatus,
  ProtectionFact,
  ReviewFact,
  RunFact,
} from '@vvp/backstage-plugin-deploy-node';

/**
 * All that is known of one deployment recorded at its source.
 *
 * `outcome`, `inactive` and `progress` are kept apart because GitHub says them one after
 * another: a deployment that worked (`success`) is later replaced (`inactive`).
 */
export interface DeploymentTrace {
  base: DeploymentFact;
  progress?: DeploymentStatusFact;
  outcome?: DeploymentStatusFact;
  inactive?: DeploymentStatusFact;
}

/**
 * All that is known of one pipeline run, or of one deployment without a run.
 *
 * A trace is a join-semilattice: every part is the largest fact seen, by a total order, so that
 * merging is commutative, associative and idempotent. That is what makes the result independent
 * of the order and the number of deliveries.
 */
export interface Trace {
  /** By attempt. */
  runs: Record<string, RunFact>;
  /** By job id; job ids differ between attempts. */
  jobs: Record<string, JobFact>;
  /** By deployment id. */
  deployments: Record<string, DeploymentTrace>;
  /** By environment: the first time the run asked to be let in. */
  protections: Record<string, ProtectionFact>;
  /** By environment: that the run waited for a reviewer there. Absent: it did nowhere. */
  reviews?: Record<string, ReviewFact>;
}

export const emptyTrace: Trace = {
  runs: {},
  jobs: {},
  deployments: {},
  protections: {},
};

const progressRank: Record<ProgressStatus, number> = {
  queued: 0,
  waiting: 1,
  in_progress: 2,
  completed: 3,
};

const deploymentProgressRank: Partial<
  Record<DeploymentStatusFact['state'], number>
> = { queued: 0, pending: 0, waiting: 1, in_progress: 2 };

/** Key of the trace a fact belongs to, as far as the fact alone can tell. */
export function traceKeyOf(fact: Fact): string {
  if (fact.kind !== 'deployment' || fact.runId) {
    return `${fact.repository}:run:${fact.runId}`;
  }
  return `${fact.repository}:deployment:${fact.deploymentId}`;
}

/** Adds one fact to a trace. */
export function absorb(trace: Trace, fact: Fact): Trace {
  switch (fact.kind) {
    case 'run':
      return {
        ...trace,
        runs: put(trace.runs, String(fact.attempt), fact, largerRun),
      };
    case 'job':
      return { ...trace, jobs: put(trace.jobs, fact.jobId, fact, largerJob) };
    case 'deployment':
      return {
        ...trace,
        deployments: put(
          trace.deployments,
          fact.deploymentId,
          deploymentTraceOf(fact),
          mergeDeployments,
        ),
      };
    case 'review':
      return {
        ...trace,
        reviews: put(
          trace.reviews ?? {},
          fact.environment,
          fact,
          earlierReview,
        ),
      };
    default:
      return {
        ...trace,
        protections: put(
          trace.protections,
          fact.environment,
          fact,
          earlierProtection,
        ),
      };
  }
}

/** Everything either trace knows. */
export function mergeTraces(left: Trace, right: Trace): Trace {
  const reviews = mergeRecords(
    left.reviews ?? {},
    right.reviews ?? {},
    earlierReview,
  );
  return {
    ...(Object.keys(reviews).length > 0 && { reviews }),
    runs: mergeRecords(left.runs, right.runs, largerRun),
    jobs: mergeRecords(left.jobs, right.jobs, largerJob),
    deployments: mergeRecords(
      left.deployments,
      right.deployments,
      mergeDeployments,
    ),
    protections: mergeRecords(
      left.protections,
      right.protections,
      earlierProtection,
    ),
  };
}

function put<T>(
  record: Record<string, T>,
  key: string,
  value: T,
  merge: (left: T, right: T) => T,
): Record<string, T> {
  const known = Object.hasOwn(record, key) ? record[key] : undefined;
  return { ...record, [key]: known ? merge(known, value) : value };
}

function mergeRecords<T>(
  left: Record<string, T>,
  right: Record<string, T>,
  merge: (left: T, right: T) => T,
): Record<string, T> {
  return Object.entries(right).reduce(
    (record, [key, value]) => put(record, key, value, merge),
    left,
  );
}

function largerRun(left: RunFact, right: RunFact): RunFact {
  return larger(left, right, fact => [
    progressRank[fact.status],
    fact.updatedAt,
  ]);
}

function largerJob(left: JobFact, right: JobFact): JobFact {
  return larger(left, right, fact => [
    progressRank[fact.status],
    fact.finishedAt ?? fact.startedAt ?? fact.createdAt,
  ]);
}

function earlierProtection(
  left: ProtectionFact,
  right: ProtectionFact,
): ProtectionFact {
  return larger(left, right, fact => [fact.at ?? '']) === left ? right : left;
}

function earlierReview(left: ReviewFact, right: ReviewFact): ReviewFact {
  return larger(left, right, fact => [fact.at ?? '']) === left ? right : left;
}

function deploymentTraceOf(fact: DeploymentFact): DeploymentTrace {
  const { status, ...base } = fact;
  if (!status) {
    return { base };
  }
  if (status.state === 'inactive') {
    return { base, inactive: status };
  }
  return deploymentProgressRank[status.state] === undefined
    ? { base, outcome: status }
    : { base, progress: status };
}

function mergeDeployments(
  left: DeploymentTrace,
  right: DeploymentTrace,
): DeploymentTrace {
  const base = larger(left.base, right.base, fact => [
    // The first event of a deployment does not name its job yet; the one that does wins.
    (fact.jobId ? 2 : 0) + (fact.runId ? 1 : 0),
    fact.updatedAt,
  ]);
  const progress = largerStatus(left.progress, right.progress, status => [
    deploymentProgressRank[status.state] ?? 0,
    status.at,
  ]);
  const outcome = largerStatus(left.outcome, right.outcome, byTime);
  const inactive = largerStatus(left.inactive, right.inactive, byTime);
  return {
    base,
    ...(progress && { progress }),
    ...(outcome && { outcome }),
    ...(inactive && { inactive }),
  };
}

function byTime(status: DeploymentStatusFact): string[] {
  return [status.at];
}

function largerStatus(
  left: DeploymentStatusFact | undefined,
  right: DeploymentStatusFact | undefined,
  order: (status: DeploymentStatusFact) => (number | string)[],
): DeploymentStatusFact | undefined {
  return left && right ? larger(left, right, order) : left ?? right;
}

/**
 * The larger of two by `order`; equal ones are told apart by their text, so that the choice
 * never depends on which came first.
 */
function larger<T>(
  left: T,
  right: T,
  order: (value: T) => (number | string)[],
): T {
  const leftOrder = order(left);
  const rightOrder = order(right);
  for (let index = 0; index < leftOrder.length; index++) {
    if (leftOrder[index] !== rightOrder[index]) {
      return leftOrder[index] > rightOrder[index] ? left : right;
    }
  }
  return canonicalJson(left) >= canonicalJson(right) ? left : right;
}

/** JSON with sorted keys: the same value gives the same text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner).sort(([left], [right]) =>
            left < right ? -1 : 1,
          ),
        )
      : inner,
  );
}
