import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { readLines } from './lines.mjs';
import { openLog, readTail } from './logs.mjs';
import { Problem } from './problem.mjs';

const graceSeconds = 10;
// After a kill, what is left of a group are entries that nobody reads; waiting longer changes nothing.
const afterKillSeconds = 2;

/** The processes of one command, each the leader of a group of its own, so that what they start ends with them. */
export class Processes {
  #children = [];
  #stopping;
  #failed = withResolvers();

  constructor() {
    // Without this, a child that dies while nobody waits would end the command before it cleaned up.
    this.#failed.promise.catch(() => {});
  }

  /** Rejects when a child ends by itself. */
  get failed() {
    return this.#failed.promise;
  }

  /** Starts a Node program; what it prints goes to the log file, and each line of it to `onLine`. */
  async startNode({ name, args, cwd, env, logFile, onLine }) {
    const log = await openLog(logFile);
    if (this.#stopping) {
      await log.close();
      throw new Problem(
        `The ${name} was not started: the command is stopping.`,
      );
    }
    const child = spawn(process.execPath, args, {
      cwd,
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', onLine ? 'pipe' : log.fd, log.fd],
    });
    this.#children.push(child);
    if (onLine) {
      readLines(child.stdout, line => {
        log.appendFile(`${line}\n`).catch(() => {});
        onLine(line);
      });
    }
    child.once('error', error => this.#failed.reject(error));
    child.once('exit', async (code, signal) => {
      if (!this.#stopping) {
        const how = signal ? `by ${signal}` : `with exit code ${code}`;
        this.#failed.reject(
          new Problem(
            `The ${name} ended ${how}. Its last lines (all of it: ${logFile}):\n${await readTail(
              logFile,
            )}`,
          ),
        );
      }
    });
    child.once('close', () => log.close());
  }

  /** Ends every child and what it started, and waits until they are gone. */
  async stop() {
    this.#stopping ??= Promise.all(this.#children.map(stopGroup));
    await this.#stopping;
  }

  /** Ends everything now, without asking. */
  kill() {
    for (const child of this.#children) {
      signalGroup(child, 'SIGKILL');
    }
  }
}

async function stopGroup(child) {
  signalGroup(child, 'SIGTERM');
  if (await isGoneWithin(child, graceSeconds)) {
    return;
  }
  signalGroup(child, 'SIGKILL');
  await isGoneWithin(child, afterKillSeconds);
}

async function isGoneWithin(child, seconds) {
  const giveUpAt = Date.now() + seconds * 1000;
  while (signalGroup(child, 0)) {
    if (Date.now() > giveUpAt) {
      return false;
    }
    await sleep(50);
  }
  return true;
}

/** Says whether anything of the group was there to be signalled. */
function signalGroup(child, signal) {
  if (child.pid === undefined) {
    return false;
  }
  try {
    process.kill(-child.pid, signal);
    return true;
  } catch {
    return false;
  }
}

function withResolvers() {
  let resolve;
  let reject;
  const promise = new Promise((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
