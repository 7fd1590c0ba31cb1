import { spawn } from 'node:child_process';
import path from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { Finding } from '../Finding';
import { LintToolError } from '../LintToolError';

/**
 * A workflow file to look at.
 *
 * @public
 */
export interface WorkflowFile {
  /** How it is called in findings. */
  file: string;
  text: string;
}

const PROGRAM = path.resolve(
  path.dirname(
    require.resolve(
      '@vvp/backstage-plugin-scaffolder-backend-module-deploy/package.json',
    ),
  ),
  'inspector/inspect.mjs',
);

const PATIENCE_MS = 120_000;

/** What GitHub's own parser and, unless only that one is asked, actionlint have to say. */
export async function inspect(
  files: readonly WorkflowFile[],
  options: { signal?: AbortSignal; onlyGithub?: boolean } = {},
): Promise<Finding[]> {
  const limit = AbortSignal.timeout(PATIENCE_MS);
  // Compiling all of actionlint, or any of it well, takes several times as long as what is done with it.
  const args = [
    '--wasm-lazy-compilation',
    '--liftoff-only',
    PROGRAM,
    ...(options.onlyGithub ? ['--only-github'] : []),
  ];
  const child = spawn(process.execPath, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Nothing of the caller's secrets is needed there.
    env: { PATH: process.env.PATH },
    signal: options.signal ? AbortSignal.any([options.signal, limit]) : limit,
  });
  const ended = new Promise<number | string | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? signal));
  });
  // It may end before it has read everything.
  child.stdin.once('error', () => {});
  child.stdin.end(JSON.stringify(files));
  try {
    const [output, problems, code] = await Promise.all([
      textOf(child.stdout),
      textOf(child.stderr),
      ended,
    ]);
    if (code !== 0) {
      throw new LintToolError(
        `GitHub's parser did not end well (${code}): ${problems.slice(-500)}`,
      );
    }
    return JSON.parse(output);
  } catch (error) {
    if (limit.aborted) {
      throw new LintToolError(
        `GitHub's parser took longer than ${
          PATIENCE_MS / 1000
        } seconds. Check fewer files at once, or smaller ones.`,
      );
    }
    throw error;
  }
}
