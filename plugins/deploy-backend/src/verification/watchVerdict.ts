import { HealthState } from '@vvp/backstage-plugin-deploy-common';
import { isScaledOut } from './scaledOut';

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
  /** How many there are, and should be, where the platform counts. */
  ready?: number;
  wanted?: number;
  /** What serves, where it is known whether that is the deployment's release. */
  serving?: { revision: string; isThis: boolean; commit?: string };
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
  | { verdict: 'bad'; why: string }
  /** Something else serves: the release never came so far, or its platform took it out again. */
  | { verdict: 'absent'; serving: string; why: string };

/** The window of a pipeline that switches between two stacks: 15 minutes. */
export const blueGreenWatch = { checks: 180, seconds: 5 };

/** The window unless said otherwise: one minute. */
export const defaultWatch = { checks: 12, seconds: 5 };

/** So often in a row something that worked has to be unwell: once may be a hiccup. */
const UNWELL_IN_A_ROW = 3;

/**
 * Judges a fresh deployment, for an automatic rollback. It is watched until the window ends, as it may go bad
 * late. It is bad at once when a gate fails, or when it worked and then is unhealthy three times in a row;
 * at the end of the window if it is not healthy then. If it worked, the end waits for three looks in a row that say
 * so.
 *
 * More replicas that are wanted, and not there yet, are no illness: it is scaled out.
 *
 * A look at which another release serves says nothing about how well this one runs. If that is so at the end
 * of the window, the release is absent.
 *
 * What is not known counts for nothing: nobody's release is taken out because a platform or a report is
 * silent.
 */
export function watchVerdict(
  looks: readonly WatchLook[],
  policy: WatchPolicy = {},
): WatchVerdict {
  const { checks = defaultWatch.checks } = policy;
  const isOut = looks.at(-1)?.serving?.isThis === false;
  const failed = looks.at(-1)?.gates?.find(({ state }) => state === 'fail');
  if (failed && !isOut) {
    return {
      verdict: 'bad',
      why: withReason(`The gate ${failed.name} fails`, failed.reason),
    };
  }
  const known = knownOf(looks);
  const last = known.at(-1);
  const recent = known.slice(-UNWELL_IN_A_ROW);
  const worked = known.some(({ health }) => health === 'healthy');
  const broke =
    !isOut &&
    worked &&
    recent.length === UNWELL_IN_A_ROW &&
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
  const servedLast = looks.filter(({ serving }) => serving).at(-1)?.serving;
  if (servedLast && !servedLast.isThis) {
    return { verdict: 'absent', ...describeAbsence(looks, servedLast) };
  }
  if (last === undefined) {
    return {
      verdict: 'healthy',
      why: 'The platform does not tell its health.',
    };
  }
  if (last.health === 'healthy') {
    return { verdict: 'healthy' };
  }
  if (recent.some(({ health }) => health === 'healthy')) {
    return { verdict: 'watching' };
  }
  return {
    verdict: 'bad',
    why: withReason(
      `It was ${last.health} at the end of the watch`,
      last.reason,
    ),
  };
}

/** Looks that say how the release itself does. */
function knownOf(looks: readonly WatchLook[]): WatchLook[] {
  let wantedBefore: number | undefined;
  return looks
    .filter(
      ({ health, serving }) =>
        health !== 'unknown' && serving?.isThis !== false,
    )
    .map(look => {
      if (look.health === 'healthy') {
        wantedBefore = look.wanted;
      }
      const { health: state, ready, wanted } = look;
      return isScaledOut({ state, ready, wanted }, wantedBefore)
        ? { ...look, health: 'healthy' }
        : look;
    });
}

function describeAbsence(
  looks: readonly WatchLook[],
  { revision, commit }: NonNullable<WatchLook['serving']>,
): { serving: string; why: string } {
  const other = commit ? `${revision} (${commit.slice(0, 7)})` : revision;
  return {
    serving: revision,
    why: looks.some(({ serving }) => serving?.isThis)
      ? `It served, and its platform went back to ${other}.`
      : `It did not come to serve: ${other} does.`,
  };
}

function withReason(what: string, reason: string | undefined): string {
  return reason ? `${what}: ${reason.replace(/\.$/, '')}.` : `${what}.`;
}
