import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { toError } from '../logic/failure';

/**
 * A value that is loaded again and again. An error does not take away what was known before.
 *
 * @internal
 */
export interface LiveValue<T> {
  value?: T;
  /** When `value` was loaded, milliseconds. */
  loadedAt?: number;
  /** Why the latest load failed. */
  error?: Error;
  /** A load is under way. */
  busy: boolean;
  reload(): void;
  /** Changes the value in place, such as by adding a page. Does nothing if the key has changed since. */
  update(key: string, change: (previous: T | undefined) => T): void;
}

interface State<T> {
  key: string;
  value?: T;
  loadedAt?: number;
  error?: Error;
  busy: boolean;
}

/**
 * Loads a value when its key changes and whenever `reload` is called.
 *
 * Calls of `reload` during a load lead to one more load after it, however many they are. Answers for an
 * earlier key are dropped.
 *
 * @internal
 */
export function useLiveValue<T>(options: {
  key: string;
  load(): Promise<T>;
  merge?(previous: T | undefined, fresh: T): T;
}): LiveValue<T> {
  const { key } = options;
  const [state, setState] = useState<State<T>>({ key, busy: true });
  const latest = useRef(options);
  latest.current = options;
  const running = useRef<{ key: string; again: boolean } | undefined>();

  const run = useCallback(async (forKey: string) => {
    const ticket = { key: forKey, again: false };
    running.current = ticket;
    setState(previous =>
      previous.key === forKey
        ? { ...previous, busy: true }
        : { key: forKey, busy: true },
    );
    const apply = (change: (previous: State<T>) => State<T>) => {
      if (running.current === ticket) {
        setState(change);
      }
    };
    do {
      ticket.again = false;
      const { load, merge } = latest.current;
      try {
        const fresh = await load();
        apply(previous => ({
          key: forKey,
          value: merge ? merge(previous.value, fresh) : fresh,
          loadedAt: Date.now(),
          busy: ticket.again,
        }));
      } catch (error) {
        apply(previous => ({
          ...previous,
          error: toError(error),
          busy: ticket.again,
        }));
      }
    } while (running.current === ticket && ticket.again);
    if (running.current === ticket) {
      running.current = undefined;
    }
  }, []);

  useEffect(() => {
    run(key);
    return () => {
      running.current = undefined;
    };
  }, [key, run]);

  const reload = useCallback(() => {
    if (running.current?.key === key) {
      running.current.again = true;
      return;
    }
    run(key);
  }, [key, run]);

  const update = useCallback(
    (forKey: string, change: (previous: T | undefined) => T) => {
      setState(previous =>
        previous.key === forKey
          ? { ...previous, value: change(previous.value) }
          : previous,
      );
    },
    [],
  );

  return useMemo(() => {
    const current: State<T> = state.key === key ? state : { key, busy: true };
    return { ...current, reload, update };
  }, [state, key, reload, update]);
}
