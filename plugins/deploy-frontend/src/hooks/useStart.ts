import { useRef, useState } from 'react';
import { toError } from '../logic/failure';

/**
 * Work that is started once, however often the button is pressed.
 *
 * @internal
 */
export interface Start<A> {
  start(argument: A): Promise<void>;
  busy: boolean;
  error?: Error;
}

/**
 * Starts work once. Every try, such as another one after the connection broke, has the same idempotency
 * key, so that the backend starts it once as well. What is started stays started: after success the
 * button is dead.
 *
 * @internal
 */
export function useStart<A, R>(options: {
  send(argument: A, idempotencyKey: string): Promise<R>;
  onDone(result: R): void;
}): Start<A> {
  const { send, onDone } = options;
  const [idempotencyKey] = useState(newKey);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  // The state is only there after the next rendering: two quick clicks come before it.
  const sending = useRef(false);

  const start = async (argument: A) => {
    if (sending.current) {
      return;
    }
    sending.current = true;
    setBusy(true);
    setError(undefined);
    try {
      onDone(await send(argument, idempotencyKey));
    } catch (thrown) {
      sending.current = false;
      setBusy(false);
      setError(toError(thrown));
    }
  };
  return { start, busy, error };
}

/**
 * A key that nobody else has; `randomUUID` is missing where the portal is served without TLS.
 *
 * @internal
 */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('');
}
