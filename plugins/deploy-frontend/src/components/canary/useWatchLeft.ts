import { Canary } from '@vvp/backstage-plugin-deploy-common';
import { useState } from 'react';
import { useSeconds } from '../../hooks/useNow';
import { isWatchStill, watchLeft, watchStands } from '../../logic/canary';

/**
 * How long the watch still lasts, counting down each second, and whether its clock stands because nothing
 * could be looked at, or nothing is known.
 *
 * @internal
 */
export function useWatchLeft(canary: Canary): {
  /** Seconds. */
  left: number | undefined;
  stands: boolean;
} {
  const now = useSeconds();
  const [seen, setSeen] = useState(() => ({
    canary,
    at: Date.now(),
    still: false,
  }));
  if (seen.canary.lookedAt !== canary.lookedAt) {
    setSeen({
      canary,
      at: Date.now(),
      still: isWatchStill(seen.canary, canary),
    });
  }
  return {
    left: seen.still
      ? canary.watchSecondsLeft
      : watchLeft(canary, seen.at, now),
    stands: seen.still || watchStands(canary, seen.at, now),
  };
}
