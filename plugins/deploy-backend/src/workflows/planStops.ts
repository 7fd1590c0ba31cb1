import { RunInFlight } from '@vvp/backstage-plugin-deploy-common';

/** A service's environment that a run deploys besides. */
export interface OtherService {
  entityRef: string;
  environment: string;
}

/** A run of a pipeline that has not ended, as seen from one environment of a service. */
export interface PipelineRun extends RunInFlight {
  /**
   * How far its deployment into this environment is: `open` if it is to come or under way, `done` if it has
   * ended or was skipped, `unknown` as long as GitHub has not decided about the job.
   */
  own: 'open' | 'done' | 'unknown';
  /** Other services whose deployments by the same run have not ended. */
  others: OtherService[];
  /** Set if an operation dispatched it. */
  dispatchedBy?: { operationId: string; environmentId: string };
}

/** Which runs are stopped, and which are not and why. */
export interface StopPlan {
  stop: PipelineRun[];
  leave: { run: PipelineRun; why: string }[];
}

/**
 * Decides which runs have to end so that none of them deploys into the environment any more. What may still
 * deploy here is stopped even where that stops others, unless those are to be kept.
 */
export function planStops(
  runs: readonly PipelineRun[],
  options: {
    environmentId: string;
    operationId?: string;
    /** Runs that deploy other services, too, go on. */
    keepShared?: boolean;
  },
): StopPlan {
  const decided = runs.map(run => ({ run, why: whyLeft(run, options) }));
  return {
    stop: decided.flatMap(({ run, why }) => (why ? [] : run)),
    leave: decided.flatMap(({ run, why }) => (why ? { run, why } : [])),
  };
}

function whyLeft(
  run: PipelineRun,
  options: {
    environmentId: string;
    operationId?: string;
    keepShared?: boolean;
  },
): string | undefined {
  const { dispatchedBy } = run;
  if (dispatchedBy && dispatchedBy.environmentId !== options.environmentId) {
    return 'an operation dispatched it for another environment';
  }
  if (dispatchedBy && dispatchedBy.operationId === options.operationId) {
    return 'this operation dispatched it';
  }
  if (run.own === 'done') {
    return 'it deploys nothing here any more';
  }
  return options.keepShared && run.others.length > 0
    ? 'it deploys other services, too'
    : undefined;
}
