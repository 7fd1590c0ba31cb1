import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { StandInAnswer, StandInServer } from '../stand-in';
import { Machine } from '../vm';
import { BlobStore } from './BlobStore';
import { ContainerApps } from './ContainerApps';
import { CallError, ParsedCall, parseCall } from './grammar';
import { RunCommands } from './RunCommands';

/** A call as the process list showed it. */
export interface Invocation {
  argv: string[];
  environment: Record<string, string>;
  exitCode: number;
}

/** Longest life of an address of a blob. */
const LOAN_LIMIT_MS = 300_000;

/** What `az` beside this file answers, see README.md. */
export class AzureCli {
  readonly blobs: BlobStore;
  readonly invocations: Invocation[] = [];
  /** Told of each call once it was carried out, and before it is answered. */
  interrupt?: (command: string) => void;
  /** Commands that fail from now on. */
  readonly broken = new Set<string>();
  readonly #runs: RunCommands | undefined;
  readonly #app: ContainerApps | undefined;
  #server?: StandInServer;

  private constructor(blobs: BlobStore, target: Machine | ContainerApps) {
    this.blobs = blobs;
    this.#app = target instanceof ContainerApps ? target : undefined;
    this.#runs =
      target instanceof ContainerApps ? undefined : new RunCommands(target);
  }

  /** An Azure that has one machine, or one Container App. */
  static async start(target: Machine | ContainerApps): Promise<AzureCli> {
    const blobs = await BlobStore.start();
    if (!(target instanceof ContainerApps)) {
      await target.addHost(blobs.host, blobs.port);
    }
    const cli = new AzureCli(blobs, target);
    cli.#server = await StandInServer.start(([directory, count, ...others]) => {
      const argv = others.slice(0, Number(count));
      const environment = others
        .slice(argv.length)
        .map(one => one.match(/^([^=]*)=(.*)$/s)?.slice(1) ?? [one, '']);
      return cli.#answer({
        argv,
        directory,
        environment: Object.fromEntries(environment),
      });
    });
    return cli;
  }

  /** Run commands of the machine. */
  get runs(): RunCommands {
    if (!this.#runs) {
      throw new Error('There is no machine.');
    }
    return this.#runs;
  }

  /** What a script that calls `az` needs in its environment. */
  get environment(): Record<string, string> {
    return this.#server?.environment('AZ_SIMULATOR') ?? {};
  }

  /** Commands that were called, without their options. */
  get commands(): string[] {
    return this.invocations.map(({ argv }) =>
      argv
        .slice(
          0,
          argv.findIndex(word => word.startsWith('-')),
        )
        .join(' '),
    );
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
    await this.blobs.stop();
  }

  #answer(request: {
    argv: string[];
    directory: string;
    environment: Record<string, string>;
  }): StandInAnswer {
    const { argv, environment } = request;
    let answer = { stdout: '', stderr: '', exitCode: 0 };
    try {
      const call = parseCall(
        argv.map(word => expandFile(word, request.directory)),
      );
      answer.stdout = this.#run(call, request.directory);
      this.interrupt?.(call.command);
    } catch (error) {
      const exitCode = error instanceof CallError ? error.exitCode : 1;
      answer = { stdout: '', stderr: `${error}\n`, exitCode };
    }
    this.invocations.push({ argv, environment, exitCode: answer.exitCode });
    return answer;
  }

  #run(call: ParsedCall, directory: string): string {
    if (this.broken.has(call.command)) {
      throw new CallError('ERROR: (AuthorizationFailed)');
    }
    if (call.command.startsWith('containerapp ')) {
      if (!this.#app) {
        throw new CallError('ERROR: (ResourceNotFound)', 3);
      }
      return this.#app.handle(call);
    }
    return call.command.startsWith('vm ')
      ? this.runs.handle(call)
      : this.#handleBlob(call, directory);
  }

  #handleBlob(
    { command, values, flags }: ParsedCall,
    directory: string,
  ): string {
    if (
      values['--auth-mode'] !== 'login' ||
      values['--account-name'] !== this.blobs.account
    ) {
      throw new CallError('Only --auth-mode login with one account.');
    }
    const blob = `${values['--container-name']}/${values['--name']}`;
    const { blobs } = this.blobs;
    switch (command) {
      case 'storage blob upload':
        if (blobs.has(blob)) {
          throw new CallError('The specified blob already exists.');
        }
        blobs.set(blob, readFileSync(resolve(directory, values['--file'])));
        return '';
      case 'storage blob generate-sas':
        checkLoan(values, flags);
        return `${this.blobs.lend(blob, new Date(values['--expiry']))}\n`;
      default:
        if (!blobs.delete(blob)) {
          throw new CallError('The specified blob does not exist.');
        }
        return '';
    }
  }
}

function checkLoan(values: Record<string, string>, flags: Set<string>): void {
  const life = Date.parse(values['--expiry']) - Date.now();
  if (
    !['--as-user', '--https-only', '--full-uri'].every(flag =>
      flags.has(flag),
    ) ||
    values['--permissions'] !== 'r' ||
    values['--output'] !== 'tsv' ||
    !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(values['--expiry']) ||
    !(life > 0 && life <= LOAN_LIMIT_MS)
  ) {
    throw new CallError('Only to read, by https, for five minutes at most.');
  }
}

/** `@file` and `name=@file`, as Azure CLI expands them; a file that is not there stays as it was written. */
function expandFile(word: string, directory: string): string {
  const [, name, file] = /^([^=]*=)?@(.+)$/s.exec(word) ?? [];
  if (file === undefined) {
    return word;
  }
  const path = resolve(directory, file);
  try {
    // eslint-disable-next-line no-bitwise
    if (name !== undefined && (statSync(path).mode & 0o77) !== 0) {
      throw new CallError(`${file} can be read by others.`);
    }
    return `${name ?? ''}${readFileSync(path, 'utf8').replace(/\n+$/, '')}`;
  } catch (error) {
    if (error instanceof CallError) {
      throw error;
    }
    return word;
  }
}
