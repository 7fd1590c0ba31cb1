import { readFile } from 'node:fs/promises';
import { resolveRoot } from './paths.mjs';
import { Problem } from './problem.mjs';

/** Throws where this Node is not one that `engines` of the root package.json names. */
export async function checkNodeVersion(version = process.versions.node) {
  const manifest = JSON.parse(
    await readFile(resolveRoot('package.json'), 'utf8'),
  );
  if (!satisfies(version, manifest.engines.node)) {
    throw new Problem(
      `This needs Node ${manifest.engines.node}, and this is Node ${version}. Install one of those and try again.`,
    );
  }
}

/** Knows `^major.minor` and `major`, joined by `||`: no library is there before the first install. */
export function satisfies(version, range) {
  const [major, minor] = version.split('.').map(Number);
  return range.split('||').some(alternative => {
    const [wantedMajor, wantedMinor = 0] = alternative
      .trim()
      .replace(/^\^/, '')
      .split('.')
      .map(Number);
    return major === wantedMajor && minor >= wantedMinor;
  });
}
