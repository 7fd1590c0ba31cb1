import { useSignal } from '@backstage/plugin-signals-react';
import { useEffect, useRef } from 'react';

const pollMilliseconds = 30_000;

/**
 * Calls back again and again while the page can be seen, and at once when it is seen again.
 *
 * @param every - milliseconds; half a minute unless said otherwise, never if 0
 * @internal
 */
export function usePolling(
  onRefresh: () => void,
  every: number = pollMilliseconds,
): void {
  const latest = useRef(onRefresh);
  latest.current = onRefresh;
  useEffect(() => {
    if (every === 0) {
      return undefined;
    }
    const refreshIfVisible = () => {
      if (!document.hidden) {
        latest.current();
      }
    };
    const timer = setInterval(refreshIfVisible, every);
    document.addEventListener('visibilitychange', refreshIfVisible);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refreshIfVisible);
    };
  }, [every]);
}

/**
 * Calls back when the backend says that something about the service has changed. Does nothing where the
 * signals plugin is not installed.
 *
 * @internal
 */
export function useServiceSignal(
  entityRef: string,
  onRefresh: () => void,
): void {
  const { lastSignal } = useSignal(`deploy:${entityRef}`);
  const latest = useRef(onRefresh);
  latest.current = onRefresh;
  useEffect(() => {
    if (lastSignal) {
      latest.current();
    }
  }, [lastSignal]);
}
