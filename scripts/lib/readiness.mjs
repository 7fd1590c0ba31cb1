import { setTimeout as sleep } from 'node:timers/promises';
import { Problem } from './problem.mjs';

/** Asks again and again until the answer is a defined one, or the time is over. */
export async function poll(ask, { seconds, what, signal }) {
  const giveUpAt = Date.now() + seconds * 1000;
  while (Date.now() < giveUpAt) {
    signal?.throwIfAborted();
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined) {
      return answer;
    }
    await sleep(300, undefined, { signal });
  }
  throw new Problem(`${what} took more than ${seconds} seconds.`);
}

/** Waits until a GET of the address is answered with a success. */
export async function waitForHttp(url, options) {
  await poll(async () => {
    const response = await fetch(url, {
      signal: AbortSignal.timeout(30_000),
    });
    await response.arrayBuffer();
    return response.ok || undefined;
  }, options);
}
