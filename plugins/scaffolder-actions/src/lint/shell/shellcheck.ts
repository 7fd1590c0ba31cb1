import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LintToolError } from '../LintToolError';

/** A note of ShellCheck's; line and column count from 1, in the script. */
export interface ShellNote {
  /** Which of the scripts. */
  script: number;
  line: number;
  column: number;
  code: number;
  message: string;
}

/**
 * Left out: sourced files (1090, 1091) are not there to be read, and an expression made a word is a constant
 * (2050, 2157, 2194).
 */
const LEFT_OUT = 'SC1090,SC1091,SC2050,SC2157,SC2194';

/** A command line has its limit, and so has the time that one call takes. */
const SCRIPTS_PER_CALL = 200;

const PATIENCE_MS = 120_000;

/**
 * Runs the program ShellCheck over scripts that begin with a line that names their shell.
 *
 * Source: https://github.com/koalaman/shellcheck, `--format=json1`
 *
 * @throws LintToolError if the program is not there, or does not end well
 */
export async function shellcheck(
  scripts: readonly string[],
  options: { program: string },
): Promise<ShellNote[]> {
  // Steps of a pipeline are often alike.
  const texts = [...new Set(scripts)];
  const folder = await mkdtemp(path.join(tmpdir(), 'deploy-pipeline-'));
  try {
    const files = texts.map((_, index) => path.join(folder, `${index}.sh`));
    await Promise.all(
      texts.map((text, index) => writeFile(files[index], text)),
    );
    const notes: ShellNote[] = [];
    for (let from = 0; from < files.length; from += SCRIPTS_PER_CALL) {
      const some = files.slice(from, from + SCRIPTS_PER_CALL);
      notes.push(...(await call(options.program, some)));
    }
    return scripts.flatMap((text, script) =>
      notes
        .filter(note => texts[note.script] === text)
        .map(note => ({ ...note, script })),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Comment {
  file: string;
  line: number;
  column: number;
  code: number;
  message: string;
}

async function call(
  program: string,
  files: readonly string[],
): Promise<ShellNote[]> {
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      program,
      ['--norc', '--format=json1', `--exclude=${LEFT_OUT}`, ...files],
      { timeout: PATIENCE_MS, maxBuffer: 64 * 1024 * 1024 },
      (error, stdout, stderr) => {
        // 1: there are notes.
        if (error && error.code !== 1) {
          reject(failureOf(program, error, stderr));
        } else {
          resolve(stdout);
        }
      },
    );
  });
  const { comments }: { comments: Comment[] } = JSON.parse(output);
  return comments.map(({ file, line, column, code, message }) => ({
    script: Number(path.basename(file, '.sh')),
    line,
    column,
    code,
    message,
  }));
}

function failureOf(
  program: string,
  error: { code?: string | number | null },
  stderr: string,
): LintToolError {
  return error.code === 'ENOENT'
    ? new LintToolError(
        `${program} is not there. Install it (Debian: apt-get install shellcheck), or check without the scripts (--no-shellcheck).`,
      )
    : new LintToolError(
        `${program} did not end well (${error.code}): ${stderr.slice(0, 500)}`,
      );
}
