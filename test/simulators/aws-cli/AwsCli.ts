import { ECRClient } from '@aws-sdk/client-ecr';
import { ECSClient } from '@aws-sdk/client-ecs';
import { StandInAnswer, StandInServer } from '../stand-in';
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

/** What `aws` beside this file answers, see README.md. */
export class AwsCli {
  readonly invocations: Invocation[] = [];
  /** Told of each call; may take its time. */
  interrupt?: (
    command: string,
    moment: 'before' | 'after',
  ) => Promise<void> | void;
  readonly #endpoint: string;
  #server?: StandInServer;

  private constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** @param endpoint - of the simulated AWS */
  static async start(endpoint: string): Promise<AwsCli> {
    const cli = new AwsCli(endpoint);
    cli.#server = await StandInServer.start(
      ([region, accessKeyId, secretAccessKey, ...argv]) =>
        cli.#answer({ argv, region, accessKeyId, secretAccessKey }),
    );
    return cli;
  }

  /** What a script that calls `aws` needs in its environment. */
  get environment(): Record<string, string> {
    return this.#server?.environment('AWS_CLI_SIMULATOR') ?? {};
  }

  /** Commands that were called, without their options. */
  get commands(): string[] {
    return this.invocations.map(({ argv }) => argv.slice(0, 2).join(' '));
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  async #answer({ argv, ...session }: CallRequest): Promise<StandInAnswer> {
    const command = argv.slice(0, 2).join(' ');
    await this.interrupt?.(command, 'before');
    let answer: StandInAnswer = { stdout: '', stderr: '', exitCode: 0 };
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
function failureOf(error: unknown, operation: string): StandInAnswer {
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
