import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const FOLDER = join(
  dirname(fileURLToPath(import.meta.url)),
  '../../../../fixtures/github',
);

/** Where a cut of GitHub's descriptions is kept. */
export function fixturePath(name: string): string {
  return join(FOLDER, name);
}
