import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Asks until there is an answer other than no or nothing, less and less often, and gives that answer: what
 * is read a second time may be gone again. Jest's own time limit is the end of it.
 */
export async function waitFor<T>(
  look: () => T | Promise<T>,
): Promise<NonNullable<T>> {
  let pause = 2;
  for (;;) {
    const answer = await look();
    if (answer) {
      return answer;
    }
    await sleep(pause);
    pause = Math.min(pause * 1.5, 200);
  }
}
