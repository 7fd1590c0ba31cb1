/** A result, unless the signal is aborted before; then it rejects with the signal's reason. */
export async function until<T>(
  signal: AbortSignal,
  result: Promise<T>,
): Promise<T> {
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
  });
  if (signal.aborted) {
    stop();
  }
  signal.addEventListener('abort', stop);
  // Whoever does not wait for it any longer does not want to hear of it either.
  result.catch(() => undefined);
  try {
    return await Promise.race([stopped, result]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
