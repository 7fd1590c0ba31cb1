import { Freeze, FreezeInForce } from '@vvp/backstage-plugin-deploy-common';
import { concerns, FreezePlace } from './concerns';
import { currentWindow, LONGEST_DAYS, nextWindow } from './windows/windowsOf';

const DAY_MS = 24 * 60 * 60_000;

/**
 * The freezes that stop an environment at a moment, in the order given. `nextOpen` is when it opens for
 * what no freeze lets through: the end of all windows, of whichever freeze that concerns it, which overlap
 * or follow on one another. It looks 366 days ahead.
 */
export function freezesInForce(
  freezes: readonly Freeze[],
  place: FreezePlace,
  at: Date,
): FreezeInForce[] {
  return inForce(
    freezes.filter(({ scope }) => concerns(scope, place)),
    at,
  );
}

/** The same for a place that all of the freezes concern. */
export function inForce(
  concerned: readonly Freeze[],
  at: Date,
): FreezeInForce[] {
  const open = concerned.flatMap(freeze => {
    const current = currentWindow(freeze.window, at.getTime());
    return current ? [{ freeze, current }] : [];
  });
  if (open.length === 0) {
    return [];
  }
  const opens = new Date(opensAt(concerned, at.getTime())).toISOString();
  return open.map(({ freeze, current }) => ({
    id: freeze.id,
    title: freeze.title,
    reason: freeze.reason,
    by: freeze.by,
    since: new Date(current.from).toISOString(),
    until: new Date(current.to).toISOString(),
    nextOpen: opens,
    allows: [...freeze.allows],
  }));
}

/** A freeze with its windows as they are at a moment. */
export function withWindows(freeze: Freeze, at: Date): Freeze {
  const { current: _current, next: _next, ...rest } = freeze;
  const current = currentWindow(freeze.window, at.getTime());
  const next = nextWindow(freeze.window, at.getTime());
  return {
    ...rest,
    ...(current && { current: toTimes(current) }),
    ...(next && { next: toTimes(next) }),
  };
}

/** The next moment at which one of the freezes begins or ends; absent if none ever does. */
export function nextEdge(
  freezes: readonly Freeze[],
  after: Date,
): Date | undefined {
  const edges = freezes.flatMap(({ window }) => {
    const at = after.getTime();
    return [
      currentWindow(window, at)?.to ?? [],
      nextWindow(window, at)?.from ?? [],
    ].flat();
  });
  return edges.length > 0 ? new Date(Math.min(...edges)) : undefined;
}

function opensAt(freezes: readonly Freeze[], at: number): number {
  const horizon = at + LONGEST_DAYS * DAY_MS;
  let opens = at;
  let end = lastEnd(freezes, opens);
  while (end !== undefined && opens < horizon) {
    opens = end;
    end = lastEnd(freezes, opens);
  }
  return opens;
}

/** When the longest of the windows that are open at a moment ends. */
function lastEnd(freezes: readonly Freeze[], at: number): number | undefined {
  const ends = freezes.flatMap(
    ({ window }) => currentWindow(window, at)?.to ?? [],
  );
  return ends.length > 0 ? Math.max(...ends) : undefined;
}

function toTimes(span: { from: number; to: number }) {
  return {
    from: new Date(span.from).toISOString(),
    to: new Date(span.to).toISOString(),
  };
}
