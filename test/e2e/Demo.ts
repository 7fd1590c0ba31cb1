import { ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const rootDirectory = path.resolve(__dirname, '../..');

/**
 * One run of a start script, as a person at a terminal would have it.
 */
export class Demo {
  readonly exited: Promise<number | null>;
  readonly #child: ChildProcess;
  #output = '';
  #onOutput = new Set<() => void>();

  /** Runs `scripts/start.mjs`, or another script, with nothing but the given variables changed. */
  static start(options: {
    script?: string;
    args?: string[];
    env: Record<string, string>;
  }): Demo {
    const script = options.script ?? 'scripts/start.mjs';
    return new Demo(
      spawn(
        process.execPath,
        [path.join(rootDirectory, script), ...(options.args ?? [])],
        {
          cwd: rootDirectory,
          env: { ...process.env, ...options.env },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      ),
    );
  }

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.exited = new Promise(resolve => {
      child.once('close', resolve);
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => {
        this.#output += chunk;
        this.#onOutput.forEach(listener => listener());
      });
    }
  }

  /** Everything printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Waits until the text was printed; rejects when the script ends before. */
  async printed(text: string): Promise<void> {
    let listener: () => void = () => {};
    const seen = new Promise<void>(resolve => {
      listener = () => {
        if (this.#output.includes(text)) {
          resolve();
        }
      };
      this.#onOutput.add(listener);
      listener();
    });
    const ended = this.exited.then(code => {
      throw new Error(
        `Ended with ${code} before printing '${text}':\n${this.#output}`,
      );
    });
    try {
      await Promise.race([seen, ended]);
    } finally {
      this.#onOutput.delete(listener);
    }
  }

  /** Does what Ctrl-C does, and waits for the end. */
  async interrupt(): Promise<number | null> {
    this.#child.kill('SIGINT');
    return await this.exited;
  }
}

/** Ports of loopback that nothing listens on, none twice. */
export async function findFreePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => listen(0)),
  );
  const ports = servers.map(server => {
    const address = server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('No port');
    }
    return address.port;
  });
  await Promise.all(servers.map(closeServer));
  return ports;
}

/** A listener on a port of loopback. */
export function listen(port: number) {
  return new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

/** Ends a listener. */
export function closeServer(server: ReturnType<typeof createServer>) {
  return new Promise<void>(resolve => {
    server.close(() => resolve());
  });
}

/** Makes every Node process refuse, and write into the file, what would leave this machine. */
export function loopbackGuardEnvironment(
  recordFile: string,
): Record<string, string> {
  const guard = pathToFileURL(path.join(__dirname, 'loopbackGuard.mjs')).href;
  return {
    NODE_OPTIONS: `--import ${guard}`,
    LOOPBACK_GUARD_FILE: recordFile,
  };
}
