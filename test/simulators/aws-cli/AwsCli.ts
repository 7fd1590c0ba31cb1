import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { CallError, carryOut, parseCall } from './commands';
import { textOf } from './textOf';

/** A call as the process list showed it. */
export interface Invocation {
  argv: string[];
  exitCode: number;
}

interface CallRequest {
  argv: string[];
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

interface CallAnswer {
  stdout: string;
  stderr: string;
  exitCode: number;
}

/** What `aws` beside this file answers, see README.md. */
export class AwsCli {
  readonly invocations: Invocation[] = [];
  /** Told of each call; may take its time. */
  interrupt?: (
    command: string,
    moment: 'before' | 'after',
  ) => Promise<void> | void;
  readonly #endpoint: string;
  readonly #server: Server;

  private constructor(endpoint: string) {
    this.#endpoint = endpoint;
    this.#server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request.setEncoding('utf8')) {
        text += chunk;
      }
      const [region, accessKeyId, secretAccessKey, ...argv] = text
        .split('\0')
        .slice(0, -1);
      const { exitCode, stdout, stderr } = await this.#answer({
        argv,
        region,
        accessKeyId,
        secretAccessKey,
      });
      const lines = [stdout, stderr].map(one =>
        Buffer.from(one).toString('base64'),
      );
      response.end(`${[exitCode, ...lines].join('\n')}\n`);
    });
  }

  /** @param endpoint - of the simulated AWS */
  static async start(endpoint: string): Promise<AwsCli> {
    const cli = new AwsCli(endpoint);
    await new Promise<void>(done => {
      cli.#server.listen(0, '127.0.0.1', done);
    });
    return cli;
  }

  /** What a script that calls `aws` needs in its environment. */
  get environment(): Record<string, string> {
    const { port } = this.#server.address() as AddressInfo;
    return { AWS_CLI_SIMULATOR: `http://127.0.0.1:${port}/` };
  }

  /** Commands that were called, without their options. */
  get commands(): string[] {
    return this.invocations.map(({ argv }) => argv.slice(0, 2).join(' '));
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise(done => {
      this.#server.close(done);
    });
  }

  async #answer({ argv, ...session }: CallRequest): Promise<CallAnswer> {
    const command = argv.slice(0, 2).join(' ');
    await this.interrupt?.(command, 'before');
    let answer: CallAnswer = { stdout: '', stderr: '', exitCode: 0 };
    try {
      const call = parseCall(argv);
      const result = await carryOut(call, this.#clients(session));
      answer.stdout =
        call.values['--output'] === 'json'
          ? `${JSON.stringify(result ?? null, null, 4)}\n`
          : textOf(result);
    } catch (error) {
      answer = failureOf(error, argv[1]);
    }
    this.invocations.push({ argv, exitCode: answer.exitCode });
    await this.interrupt?.(command, 'after');
    return answer;
  }

  #clients({
    region,
    accessKeyId,
    secretAccessKey,
  }: Omit<CallRequest, 'argv'>) {
    if (!region || !accessKeyId || !secretAccessKey) {
      throw new CallError('Unable to locate credentials.', 253);
    }
    const settings = {
      region,
      endpoint: this.#endpoint,
      maxAttempts: 1,
      credentials: { accessKeyId, secretAccessKey },
    };
    return { ecs: new ECSClient(settings), ecr: new ECRClient(settings) };
  }
}

/** As the AWS CLI puts what AWS says. */
function failureOf(error: unknown, operation: string): CallAnswer {
  if (error instanceof CallError) {
    return {
      stdout: '',
      stderr: `${error.message}\n`,
      exitCode: error.exitCode,
    };
  }
  const { name, message } = error as Error;
  return {
    stdout: '',
    stderr: `\nAn error occurred (${name}) when calling the ${operation} operation: ${message}\n`,
    exitCode: 254,
  };
}
