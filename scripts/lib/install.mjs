import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { openLog, readTail } from './logs.mjs';
import { resolveRoot } from './paths.mjs';
import { Problem } from './problem.mjs';

const stampFile = resolveRoot('node_modules', '.installed-from');
const progressEverySeconds = 30;

// Not `npm ci`: it refuses a lock file that lacks the binaries which other platforms' optional packages bring,
// and the lock file stays as it is all the same.
// Elsewhere than on Linux it is not used at all: npm would leave out the binaries of that platform.
const installArgs = [
  'install',
  '--no-save',
  '--include=dev',
  ...(process.platform === 'linux' ? [] : ['--no-package-lock']),
];

/** Installs what package-lock.json names, unless that is what is there. */
export async function ensureInstalled(logFile) {
  const wanted = await hashOfLock();
  if ((await readStamp()) === wanted) {
    return;
  }
  if (await wasInstalledByHand()) {
    await writeFile(stampFile, wanted);
    return;
  }
  const fresh = !existsSync(resolveRoot('node_modules'));
  console.log(
    fresh
      ? 'Installing the packages; the first time this takes some minutes.'
      : 'Installing the packages that changed.',
  );
  await mkdir(path.dirname(logFile), { recursive: true });
  await runNpm(installArgs, logFile);
  await writeFile(stampFile, wanted);
}

/** npm writes its own copy of the lock file last, so that one is newer after every complete install. */
async function wasInstalledByHand() {
  try {
    const [installed, lock] = await Promise.all([
      stat(resolveRoot('node_modules', '.package-lock.json')),
      stat(resolveRoot('package-lock.json')),
    ]);
    return installed.mtimeMs >= lock.mtimeMs;
  } catch {
    return false;
  }
}

async function hashOfLock() {
  const lock = await readFile(resolveRoot('package-lock.json'));
  return createHash('sha256').update(lock).digest('hex');
}

async function readStamp() {
  try {
    return await readFile(stampFile, 'utf8');
  } catch {
    return undefined;
  }
}

async function runNpm(args, logFile) {
  const log = await openLog(logFile);
  const startedAt = Date.now();
  const progress = setInterval(() => {
    const seconds = Math.round((Date.now() - startedAt) / 1000);
    console.log(`  still installing, ${seconds} seconds so far`);
  }, progressEverySeconds * 1000);
  try {
    const code = await new Promise((resolve, reject) => {
      const npm = spawn('npm', args, {
        cwd: resolveRoot(),
        stdio: ['ignore', log.fd, log.fd],
        env: {
          // What is compiled takes all processors
          JOBS: 'max',
          ...process.env,
          // Under `npm test --silent` it would not say why it fails
          npm_config_loglevel: 'warn',
        },
        shell: process.platform === 'win32',
      });
      npm.once('error', reject);
      npm.once('exit', resolve);
    });
    if (code !== 0) {
      throw new Problem(
        `npm ${
          args[0]
        } did not succeed. Its last lines (all of it: ${logFile}):\n${await readTail(
          logFile,
        )}`,
      );
    }
  } finally {
    clearInterval(progress);
    await log.close();
  }
}
