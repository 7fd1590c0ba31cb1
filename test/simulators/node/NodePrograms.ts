import { resolve } from 'node:path';
import { format } from 'node:util';
import { StandInAnswer, StandInServer } from '../stand-in';

/** Stands in for Node.js; scripts find it by a link of the name `node`. */
export const NODE = resolve(__dirname, 'node');

/** How a program ends itself. */
class Exit extends Error {
  constructor(readonly code: number) {
    super(`exit ${code}`);
  }
}

/** Carries out the programs that scripts give to `node -`, in this process; see README.md. */
export class NodePrograms {
  readonly #server: StandInServer;

  private constructor(server: StandInServer) {
    this.#server = server;
  }

  static async start(): Promise<NodePrograms> {
    return new NodePrograms(
      await StandInServer.start(([program, count, ...others]) => {
        const argv = others.slice(0, Number(count));
        const environment = others
          .slice(argv.length)
          .map(one => one.match(/^([^=]*)=(.*)$/s)?.slice(1) ?? [one, '']);
        return carryOut(program, argv, Object.fromEntries(environment));
      }),
    );
  }

  /** What a script needs in its environment. */
  get environment(): Record<string, string> {
    return this.#server.environment('NODE_SIMULATOR');
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }
}

function carryOut(
  program: string,
  argv: readonly string[],
  env: Record<string, string>,
): StandInAnswer {
  const answer = { exitCode: 0, stdout: '', stderr: '' };
  const process = {
    argv: ['node', ...argv],
    env,
    exit: (code = 0) => {
      throw new Exit(code);
    },
  };
  const console = {
    log: (...all: unknown[]) => {
      answer.stdout += `${format(...all)}\n`;
    },
    error: (...all: unknown[]) => {
      answer.stderr += `${format(...all)}\n`;
    },
  };
  try {
    // eslint-disable-next-line no-new-func
    const run = new Function('require', 'process', 'console', program);
    run(require, process, console);
  } catch (error) {
    if (error instanceof Exit) {
      answer.exitCode = error.code;
    } else {
      answer.exitCode = 1;
      answer.stderr += `${(error as Error).stack}\n`;
    }
  }
  return answer;
}
