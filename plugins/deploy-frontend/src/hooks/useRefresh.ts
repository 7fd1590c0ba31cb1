import { useSignal } from '@backstage/plugin-signals-react';
import { useEffect, useRef } from 'react';

const pollMilliseconds = 30_000;

/**
 * Calls back every half minute while the page can be seen, and at once when it is seen again.
 *
 * @internal
 */
export function usePolling(onRefresh: () => void): void {
  const latest = useRef(onRefresh);
  latest.current = onRefresh;
  useEffect(() => {
    const refreshIfVisible = () => {
      if (document.visibilityState === 'visible') {
        latest.current();
      }
    };
    const timer = setInterval(refreshIfVisible, pollMilliseconds);
    document.addEventListener('visibilitychange', refreshIfVisible);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', refreshIfVisible);
    };
  }, []);
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
