import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until the answer is yes, less and less often. Jest's own time limit is the end of it. */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  let pause = 2;
  while (!(await condition())) {
    await sleep(pause);
    pause = Math.min(pause * 1.5, 200);
  }
}
