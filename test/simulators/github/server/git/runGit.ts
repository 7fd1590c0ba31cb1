import { execFile, spawn } from 'node:child_process';

/** Nothing of the caller's own git configuration or repository leaks in. */
export function gitEnvironment(
  extra: Record<string, string> = {},
): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')),
  );
  return {
    ...inherited,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    LC_ALL: 'C',
    TZ: 'UTC',
    ...extra,
  };
}

/** Runs git in a bare repository and gives what it wrote. */
export function runGit(
  directory: string,
  commandLine: string[],
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    execFile(
      'git',
      ['--git-dir', directory, ...commandLine],
      {
        encoding: 'buffer',
        env: gitEnvironment(),
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (error) {
          reject(
            new Error(`git ${commandLine[0]}: ${stderr.toString().trim()}`),
          );
          return;
        }
        resolve(stdout);
      },
    );
  });
}

/** Like {@link runGit}, with something to read on standard input. */
export function feedGit(
  directory: string,
  commandLine: string[],
  input: Buffer,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['--git-dir', directory, ...commandLine], {
      env: gitEnvironment(),
    });
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', chunk => output.push(chunk));
    child.stderr.on('data', chunk => errors.push(chunk));
    child.on('error', reject);
    child.on('close', code => {
      if (code === 0) resolve(Buffer.concat(output));
      else {
        reject(
          new Error(
            `git ${commandLine[0]}: ${Buffer.concat(errors).toString().trim()}`,
          ),
        );
      }
    });
    child.stdin.end(input);
  });
}
