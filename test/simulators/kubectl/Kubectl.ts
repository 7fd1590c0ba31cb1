import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import { StandInAnswer, StandInServer } from '../stand-in';
import { Api } from './Api';
import { CallError } from './CallError';
import { parseArguments } from './parseArguments';
import { verbs } from './verbs';

/** Programs that the scripts find on their PATH. */
export const TOOLS = __dirname;

/** A call as the process list showed it. */
export interface Invocation {
  tool: string;
  argv: string[];
  exitCode: number;
}

/** What the programs of this folder answer, see README.md. */
export class Kubectl {
  readonly invocations: Invocation[] = [];
  /** What AWS Secrets Manager keeps. */
  readonly secrets = new Map<string, string>();
  /** Told of each call; what it throws becomes the failure of the call. */
  interrupt?: (command: string, moment: 'before' | 'after') => void;
  readonly #cluster: string;
  #server?: StandInServer;

  private constructor(cluster: string) {
    this.#cluster = cluster;
  }

  /** @param cluster - address of the API server */
  static async start(cluster: string): Promise<Kubectl> {
    const kubectl = new Kubectl(cluster);
    kubectl.#server = await StandInServer.start(
      ([tool, directory, kubeconfig, aws, ...argv]) =>
        kubectl.#answer({ tool, argv }, { directory, kubeconfig, aws }),
    );
    return kubectl;
  }

  /** What a script that calls the programs needs in its environment. */
  get environment(): Record<string, string> {
    return this.#server?.environment('KUBECTL_SIMULATOR') ?? {};
  }

  /** A file for kubectl with a token in it. */
  get kubeconfig(): string {
    return kubeconfigOf(this.#cluster, { token: 'pipeline-token' });
  }

  /** Calls without their options, such as `rollout undo`. */
  get commands(): string[] {
    return this.invocations.map(commandOf);
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  async #answer(
    call: { tool: string; argv: string[] },
    from: { directory: string; kubeconfig: string; aws: string },
  ): Promise<StandInAnswer> {
    const command = commandOf(call);
    const answer = { exitCode: 0, stdout: '', stderr: '' };
    try {
      this.interrupt?.(command, 'before');
      answer.stdout =
        call.tool === 'aws'
          ? this.#aws(call.argv, from.aws)
          : await this.#kubectl(call.argv, from);
      this.interrupt?.(command, 'after');
    } catch (problem) {
      const { message } = problem as Error;
      answer.exitCode = problem instanceof CallError ? problem.exitCode : 125;
      answer.stderr = `${message}\n`;
    }
    this.invocations.push({ ...call, exitCode: answer.exitCode });
    return answer;
  }

  async #kubectl(
    argv: readonly string[],
    from: { directory: string; kubeconfig: string; aws: string },
  ): Promise<string> {
    const call = parseArguments(argv);
    const [namespace = 'default'] = call.values['--namespace'] ?? [];
    const { server, token } = accessOf(from.kubeconfig, from.aws);
    return verbs[call.verb](call, {
      api: new Api(server, token, namespace),
      directory: from.directory,
      namespace,
    });
  }

  /** The two calls of the AWS CLI that scripts for Kubernetes make. */
  #aws(argv: readonly string[], environment: string): string {
    const [region, key] = environment.split(' ');
    if (!region || !key) {
      throw new CallError('Unable to locate credentials.', 253);
    }
    const [service, command, ...options] = argv;
    const values: Record<string, string> = {};
    for (let index = 0; index < options.length; index += 2) {
      values[options[index]] = options[index + 1];
    }
    const given = `${service} ${command} ${Object.keys(values).join(' ')}`;
    switch (given) {
      case 'eks update-kubeconfig --name --kubeconfig':
        writeFileSync(
          resolve(values['--kubeconfig']),
          kubeconfigOf(this.#cluster, {
            exec: {
              apiVersion: 'client.authentication.k8s.io/v1beta1',
              command: 'aws',
              args: ['eks', 'get-token', '--cluster-name', values['--name']],
            },
          }),
        );
        chmodSync(values['--kubeconfig'], 0o600);
        return `Added new context ${values['--name']}\n`;
      case 'secretsmanager get-secret-value --secret-id --query --output': {
        const secret = this.secrets.get(values['--secret-id']);
        if (secret === undefined || values['--query'] !== 'SecretString') {
          throw new CallError(
            `\nAn error occurred (ResourceNotFoundException) when calling the GetSecretValue operation: Secrets Manager can't find the specified secret.`,
            254,
          );
        }
        return `${secret}\n`;
      }
      default:
        throw new CallError(`aws: error: ${given} is not simulated`, 252);
    }
  }
}

function commandOf({ tool, argv }: Pick<Invocation, 'tool' | 'argv'>): string {
  const words = argv[0] === '--namespace' ? argv.slice(2) : argv;
  const hasTwo =
    tool === 'aws' || (words[1] !== undefined && !words[1].startsWith('-'));
  return words.slice(0, hasTwo ? 2 : 1).join(' ');
}

function kubeconfigOf(server: string, user: object): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'simulated', cluster: { server } }],
    contexts: [
      { name: 'simulated', context: { cluster: 'simulated', user: 'job' } },
    ],
    'current-context': 'simulated',
    users: [{ name: 'job', user }],
  });
}

/** Where the API server is and how it is asked, as the file says. */
function accessOf(
  file: string,
  aws: string,
): { server: string; token: string } {
  if (file === '') {
    throw new CallError(
      'The connection to the server localhost:8080 was refused - did you specify the right host or port?',
    );
  }
  // eslint-disable-next-line no-bitwise
  if ((statSync(file).mode & 0o077) !== 0) {
    throw new CallError('The kubeconfig can be read by others.');
  }
  const { clusters, users } = parse(readFileSync(file, 'utf8'));
  const { token, exec } = users[0].user;
  if (exec && aws.trim() === '') {
    throw new CallError('getting credentials: exec: executable aws failed');
  }
  return {
    server: clusters[0].cluster.server,
    token: token ?? 'pipeline-token',
  };
}
