import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Simulator } from '../Simulator';

/** Whose repositories the examples are. */
export const ORGANIZATION = 'example-org';

/** Every folder of `examples/` becomes a repository. */
export async function loadExamples(
  simulator: Simulator,
  folder: string,
): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries
    .filter(entry => entry.isDirectory())
    .map(entry => entry.name)
    .sort();
  const { world } = simulator;
  for (const name of names) {
    await world.addRepository({
      owner: ORGANIZATION,
      name,
      description: `Example pipeline: ${name}`,
      createdAt: world.now,
      folder: join(folder, name),
      author: world.account('omar'),
    });
  }
}
