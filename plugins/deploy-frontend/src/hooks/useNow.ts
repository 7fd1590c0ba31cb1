import { useSyncExternalStore } from 'react';

/** One clock for the page: a hundred rows need not have a hundred timers. */
function createClock(tickMilliseconds: number) {
  const listeners = new Set<() => void>();
  let now = Date.now();
  let timer: ReturnType<typeof setInterval> | undefined;

  function subscribe(listener: () => void): () => void {
    listeners.add(listener);
    if (!timer) {
      now = Date.now();
      timer = setInterval(() => {
        now = Date.now();
        listeners.forEach(notify => notify());
      }, tickMilliseconds);
    }
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) {
        clearInterval(timer);
        timer = undefined;
      }
    };
  }

  function snapshot(): number {
    // Before the first subscription the clock stands still; do not render with an old time.
    if (!timer && Date.now() - now > 1000) {
      now = Date.now();
    }
    return now;
  }

  return { subscribe, snapshot };
}

const slowClock = createClock(15_000);
const secondsClock = createClock(1000);

/**
 * The time, renewed every quarter of a minute.
 *
 * @internal
 */
export function useNow(): number {
  return useSyncExternalStore(slowClock.subscribe, slowClock.snapshot);
}

/**
 * The time, renewed every second.
 *
 * @internal
 */
export function useSeconds(): number {
  return useSyncExternalStore(secondsClock.subscribe, secondsClock.snapshot);
}
