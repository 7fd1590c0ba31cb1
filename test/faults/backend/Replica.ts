import { ChildProcess, fork } from 'node:child_process';
import { mockCredentials } from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import { bundleProcess } from '../../processes/bundleProcess';
import type { BackendOrder } from './backendProcess';

/** A process that has not started by then never will. */
const START_LIMIT_MS = 90_000;

let bundled: Promise<string> | undefined;

/** What replicas run; made once. */
function bundle(): Promise<string> {
  bundled ??= bundleProcess(
    require.resolve('./backendProcess.ts'),
    undefined,
    // Backstage looks for its own files from where it is.
    { dependencies: 'apart' },
  );
  return bundled;
}

/** An answer of the plugin's API. */
export interface Answer {
  status: number;
  // Read by tests that know what to expect.
  body: any;
}

/** A backend in a process of its own. */
export class Replica {
  readonly #child: ChildProcess;
  readonly #url: string;
  #requests = 0;

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#url = `http://127.0.0.1:${port}/api/deploy`;
  }

  static async start(order: BackendOrder): Promise<Replica> {
    const child = fork(await bundle(), {
      execArgv: ['--no-warnings'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    child.send(order);
    const port = await new Promise<number>((resolve, reject) => {
      const limit = setTimeout(() => {
        child.kill('SIGKILL');
        reject(new Error('The backend has not started in time.'));
      }, START_LIMIT_MS);
      child.once('message', (message: { port: number }) => {
        clearTimeout(limit);
        resolve(message.port);
      });
      child.once('exit', code => {
        clearTimeout(limit);
        reject(new Error(`The backend ended with ${code}.`));
      });
    });
    return new Replica(child, port);
  }

  get(path: string): Promise<Answer> {
    return this.#call('GET', path);
  }

  post(
    path: string,
    body: JsonObject,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.#call('POST', path, body, headers);
  }

  /** Does recurring work once. */
  run(task: 'catalog-sync' | 'poll'): Promise<void> {
    return this.#ask({ task });
  }

  /** Publishes an event as another plugin would. */
  publish(topic: string, payload: object): Promise<void> {
    return this.#ask({ topic, payload });
  }

  /** Nothing in the process can prepare for it. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) {
      return;
    }
    await new Promise(resolve => {
      this.#child.once('exit', resolve);
      this.#child.kill('SIGKILL');
    });
  }

  async #call(
    method: string,
    path: string,
    body?: JsonObject,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: {
        authorization: mockCredentials.user.header(),
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  async #ask(request: object): Promise<void> {
    this.#requests += 1;
    const id = this.#requests;
    await new Promise<void>((resolve, reject) => {
      const listen = (answer: { id?: number; error?: string }) => {
        if (answer.id !== id) {
          return;
        }
        this.#child.off('message', listen);
        if (answer.error === undefined) {
          resolve();
        } else {
          reject(new Error(answer.error));
        }
      };
      this.#child.on('message', listen);
      this.#child.send({ id, ...request });
    });
  }
}
