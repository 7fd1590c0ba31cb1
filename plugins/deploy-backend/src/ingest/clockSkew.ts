import { Fact } from '@vvp/backstage-plugin-deploy-node';

/** How far ahead of our clock a source's clock may be. */
export const CLOCK_TOLERANCE_MS = 10 * 60 * 1000;

/**
 * The latest time that facts speak of, if it lies in the future. Such facts would stand above all
 * that come after them; they have to wait until their time has come.
 */
export function futureTimeOf(
  facts: readonly Fact[],
  receivedAt: Date,
): Date | undefined {
  const latest = Math.max(
    0,
    ...facts.flatMap(timesOf).map(time => Date.parse(time)),
  );
  return latest > receivedAt.getTime() + CLOCK_TOLERANCE_MS
    ? new Date(latest)
    : undefined;
}

function timesOf(fact: Fact): string[] {
  switch (fact.kind) {
    case 'run':
      return [fact.createdAt, fact.updatedAt];
    case 'job':
      return [fact.createdAt, fact.startedAt, fact.finishedAt].filter(
        isDefined,
      );
    case 'deployment':
      return [fact.createdAt, fact.updatedAt, fact.status?.at].filter(
        isDefined,
      );
    default:
      return [fact.at].filter(isDefined);
  }
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
