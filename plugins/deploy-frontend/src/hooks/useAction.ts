import { useEffect, useRef, useState } from 'react';
import { toError } from '../logic/failure';
import { Start } from './useStart';

/**
 * What a button does that stays on the page: never twice at once, and again after it went well. What comes
 * back after the page was left is dropped.
 *
 * @internal
 */
export function useAction<A, R>(options: {
  send(argument: A): Promise<R>;
  onDone(result: R): void;
  /** What is shown may be why it was refused. */
  onFailed(): void;
}): Start<A> {
  const { send, onDone, onFailed } = options;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  // The state is only there after the next rendering: two quick clicks come before it.
  const sending = useRef(false);
  const shown = useRef(true);
  useEffect(() => {
    shown.current = true;
    return () => {
      shown.current = false;
    };
  }, []);
  const ifShown = (show: () => void) => {
    if (shown.current) {
      show();
    }
  };

  const start = async (argument: A) => {
    if (sending.current) {
      return;
    }
    sending.current = true;
    setBusy(true);
    setError(undefined);
    try {
      const result = await send(argument);
      ifShown(() => onDone(result));
    } catch (thrown) {
      ifShown(() => {
        setError(toError(thrown));
        onFailed();
      });
    } finally {
      sending.current = false;
      ifShown(() => setBusy(false));
    }
  };
  return { start, busy, error };
}
