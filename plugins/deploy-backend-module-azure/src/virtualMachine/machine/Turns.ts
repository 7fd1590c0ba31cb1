/**
 * Lets one at a time use something that is known by a key, in the order of asking: Azure refuses a second
 * run-command for the same machine.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /** Rejects with the signal's reason if it is aborted before the turn comes. */
  async take<T>(
    key: string,
    signal: AbortSignal,
    use: () => Promise<T>,
  ): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    let done = () => {};
    const own = new Promise<void>(resolve => {
      done = resolve;
    });
    const last = before.then(() => own);
    this.#last.set(key, last);
    try {
      await untilAborted(before, signal);
      return await use();
    } finally {
      done();
      if (this.#last.get(key) === last) {
        this.#last.delete(key);
      }
    }
  }
}

async function untilAborted(
  promise: Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  let onAbort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
