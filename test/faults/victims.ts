import { ChildProcess, fork } from 'node:child_process';

/** A process that has not ended by then hangs. */
const LIMIT_MS = 60_000;

/** Processes that wait for an order. What takes longest is to load them, which the next one does meanwhile. */
export class Victims {
  readonly #script: string;
  readonly #args: readonly string[];
  #next: ChildProcess;

  /** @param script - with its path */
  constructor(script: string, args: readonly string[] = []) {
    this.#script = script;
    this.#args = args;
    this.#next = this.#start();
  }

  take(): ChildProcess {
    const taken = this.#next;
    this.#next = this.#start();
    return taken;
  }

  stop(): void {
    this.#next.removeAllListeners();
    this.#next.kill('SIGKILL');
  }

  #start(): ChildProcess {
    return fork(this.#script, [...this.#args], {
      // An SDK's notice about Node 20 in each of them would bury the rest.
      execArgv: [
        '--no-warnings',
        ...(this.#script.endsWith('.ts') ? ['--import', 'tsx'] : []),
      ],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
  }
}

/** Gives a process its order, and waits until it has reached its end or was killed. Throws if it failed. */
export async function runVictim(
  child: ChildProcess,
  order: object,
): Promise<{ killed: boolean; moments?: string[] }> {
  let moments: string[] | undefined;
  child.on('message', (message: { moments: string[] }) => {
    moments = message.moments;
  });
  const ended = new Promise<[number | null, string | null]>(
    (resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (...end) => resolve(end));
    },
  );
  child.send(order);
  const limit = setTimeout(() => child.kill('SIGTERM'), LIMIT_MS);
  const [code, signal] = await ended;
  clearTimeout(limit);
  if (signal !== 'SIGKILL' && code !== 0) {
    throw new Error(`The process ended with ${code ?? signal}.`);
  }
  return { killed: signal === 'SIGKILL', moments };
}
