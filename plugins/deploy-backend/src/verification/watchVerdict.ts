import { HealthState } from '@vvp/backstage-plugin-deploy-common';

/** How long a deployment is watched. */
export interface WatchPolicy {
  /** How many looks. Default: 12. */
  checks?: number;
  /** From look to look, in seconds. Default: 5. */
  seconds?: number;
}

/** What one look at a fresh deployment showed. */
export interface WatchLook {
  health: HealthState;
  /** Why, as the platform says it. */
  reason?: string;
  /** Gates on error rate or latency, as they stood then. */
  gates?: readonly {
    name: string;
    state: 'pass' | 'fail' | 'pending' | 'waived' | 'none';
    reason?: string;
  }[];
}

/** Whether a deployment may stay. */
export type WatchVerdict =
  | { verdict: 'watching' }
  | { verdict: 'healthy'; why?: string }
  | { verdict: 'bad'; why: string };

/** The window of a pipeline that switches between two stacks: 15 minutes. */
export const blueGreenWatch = { checks: 180, seconds: 5 };

/** The window unless said otherwise: one minute. */
export const defaultWatch = { checks: 12, seconds: 5 };

/** So often in a row something that worked has to be unhealthy: once may be a hiccup. */
const UNHEALTHY_IN_A_ROW = 3;

/**
 * Judges a fresh deployment, for an automatic rollback. It is watched until the window ends, as it may go bad
 * late. It is bad at once when a gate fails, or when it worked and then is unhealthy three times in a row;
 * at the end of the window if it is not healthy then.
 *
 * What is not known counts for nothing: nobody's release is taken out because a platform or a report is
 * silent.
 */
export function watchVerdict(
  looks: readonly WatchLook[],
  policy: WatchPolicy = {},
): WatchVerdict {
  const { checks = defaultWatch.checks } = policy;
  const failed = looks.at(-1)?.gates?.find(({ state }) => state === 'fail');
  if (failed) {
    return {
      verdict: 'bad',
      why: withReason(`The gate ${failed.name} fails`, failed.reason),
    };
  }
  const known = looks.filter(({ health }) => health !== 'unknown');
  const last = known.at(-1);
  const recent = known.slice(-UNHEALTHY_IN_A_ROW);
  const worked = known.some(({ health }) => health === 'healthy');
  const broke =
    worked &&
    recent.length === UNHEALTHY_IN_A_ROW &&
    recent.every(({ health }) => health === 'unhealthy');
  if (broke) {
    return {
      verdict: 'bad',
      why: withReason('It worked and then became unhealthy', last?.reason),
    };
  }
  if (looks.length < checks) {
    return { verdict: 'watching' };
  }
  if (last === undefined) {
    return {
      verdict: 'healthy',
      why: 'The platform does not tell its health.',
    };
  }
  return last.health === 'healthy'
    ? { verdict: 'healthy' }
    : {
        verdict: 'bad',
        why: withReason(
          `It was ${last.health} at the end of the watch`,
          last.reason,
        ),
      };
}

function withReason(what: string, reason: string | undefined): string {
  return reason ? `${what}: ${reason.replace(/\.$/, '')}.` : `${what}.`;
}
