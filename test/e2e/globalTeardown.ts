import { rm } from 'node:fs/promises';
import { shared } from './shared';

/** Stops the demo and removes what it wrote. */
export default async function globalTeardown(): Promise<void> {
  const { demo, directory } = shared.get() ?? {};
  await demo?.interrupt();
  if (directory) {
    await rm(directory, { recursive: true, force: true });
  }
}
