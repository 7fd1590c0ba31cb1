import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const rootDirectory = fileURLToPath(new URL('../..', import.meta.url));

/** A path inside the repository. */
export function resolveRoot(...segments) {
  return path.resolve(rootDirectory, ...segments);
}
