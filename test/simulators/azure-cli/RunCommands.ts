import { Machine } from '../vm';
import { CallError, ParsedCall } from './grammar';

/** Exit code of Azure CLI for a resource that is not there. */
const NOT_FOUND = 3;
/** What an instance view tells of each stream. */
const OUTPUT_LIMIT = 4096;

interface Run {
  provisioningState: string;
  executionState: string;
  exitCode?: number;
  output: string;
  error: string;
  ended: Promise<void>;
}

/** The queries of the scripts. */
const queries: Record<string, (run: Run) => string> = {
  "join('/', [not_null(provisioningState, ''), not_null(instanceView.executionState, '')])":
    run => `${run.provisioningState}/${run.executionState}`,
  'instanceView.output': run => run.output,
  'instanceView.error': run => run.error,
  'instanceView.exitCode': run => String(run.exitCode ?? ''),
  'instanceView.executionMessage': run => `Execution ${run.executionState}`,
};

/** Managed run commands of one virtual machine: each script really runs there, on its own. */
export class RunCommands {
  readonly group = 'VVP';
  readonly vm = 'vvp-pbx';
  readonly location = 'uksouth';
  readonly #machine: Machine;
  readonly #runs = new Map<string, Run>();
  /** What goes wrong, so many times. */
  readonly faults = {
    conflicts: 0,
    notRunning: 0,
    silent: 0,
    unprovisioned: 0,
  };
  /** Scripts wait for this before they begin. */
  gate: Promise<void> = Promise.resolve();
  /** Names of those that were created, oldest first. */
  readonly created: string[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  get names(): string[] {
    return [...this.#runs.keys()];
  }

  handle({ command, values, lists, flags }: ParsedCall): string {
    const machine = values['--vm-name'] ?? values['--name'];
    if (values['--resource-group'] !== this.group || machine !== this.vm) {
      throw new CallError(
        `(ResourceNotFound) The Resource '${machine}' was not found.`,
        NOT_FOUND,
      );
    }
    const name = values['--run-command-name'];
    switch (command) {
      case 'vm show':
        require(values, { '--query': 'location', '--output': 'tsv' });
        return `${this.location}\n`;
      case 'vm run-command create':
        require(values, { '--location': this.location, '--output': 'none' });
        this.#create(name, values['--script'], [
          ...(lists['--parameters'] ?? []),
          ...(lists['--protected-parameters'] ?? []),
        ]);
        return '';
      case 'vm run-command show':
        return this.#show(name, values['--query']);
      default:
        require(values, { '--output': 'none' });
        if (!flags.has('--yes')) {
          throw new CallError('Unable to prompt for confirmation.');
        }
        this.#delete(name);
        return '';
    }
  }

  #create(name: string, script: string, parameters: string[]): void {
    if (this.faults.conflicts > 0) {
      this.faults.conflicts -= 1;
      throw new CallError(
        'ERROR: (Conflict) Run command extension execution is in progress. Please wait for completion before invoking a run command.',
      );
    }
    if (this.faults.notRunning > 0) {
      this.faults.notRunning -= 1;
      throw new CallError(
        'ERROR: (OperationNotAllowed) Cannot modify extensions in the VM when the VM is not running.',
      );
    }
    if (this.#runs.has(name)) {
      throw new CallError('An update of a run command is not simulated.');
    }
    this.created.push(name);
    const run: Run = {
      provisioningState: 'Creating',
      executionState: 'Pending',
      output: '',
      error: '',
      ended: Promise.resolve(),
    };
    this.#runs.set(name, run);
    if (this.faults.unprovisioned > 0) {
      this.faults.unprovisioned -= 1;
      run.provisioningState = 'Failed';
      return;
    }
    run.ended = this.#execute(run, script, environmentOf(parameters));
  }

  async #execute(
    run: Run,
    script: string,
    environment: Record<string, string>,
  ): Promise<void> {
    run.executionState = 'Running';
    await this.gate;
    const result = await this.#machine.runScript(script, environment);
    run.output = result.stdout.slice(-OUTPUT_LIMIT);
    run.error = result.stderr.slice(-OUTPUT_LIMIT);
    run.exitCode = result.exitCode;
    run.executionState = result.exitCode === 0 ? 'Succeeded' : 'Failed';
    run.provisioningState = 'Succeeded';
  }

  #show(name: string, query: string): string {
    if (this.faults.silent > 0) {
      this.faults.silent -= 1;
      throw new CallError('ERROR: HTTPSConnectionPool: Read timed out.');
    }
    const run = this.#runs.get(name);
    if (run === undefined) {
      throw new CallError(`(ResourceNotFound) ${name}`, NOT_FOUND);
    }
    const select = Object.hasOwn(queries, query) ? queries[query] : undefined;
    if (select === undefined) {
      throw new CallError(`--query ${query}: not simulated`);
    }
    const value = select(run);
    return value === '' ? '' : `${value}\n`;
  }

  #delete(name: string): void {
    const run = this.#runs.get(name);
    if (run?.executionState === 'Running') {
      throw new CallError('This would end the script in the middle.');
    }
    this.#runs.delete(name);
  }

  /** Puts a run there that a runner left behind; it runs until the returned function is called. */
  leaveBehind(name: string): () => void {
    const run: Run = {
      provisioningState: 'Creating',
      executionState: 'Running',
      output: '',
      error: '',
      ended: Promise.resolve(),
    };
    this.#runs.set(name, run);
    return () => {
      run.provisioningState = 'Succeeded';
      run.executionState = 'Succeeded';
    };
  }
}

function require(
  values: Record<string, string>,
  wanted: Record<string, string>,
): void {
  for (const [option, value] of Object.entries(wanted)) {
    if (values[option] !== value) {
      throw new CallError(`${option} ${values[option]}: not simulated`);
    }
  }
}

/** Named parameters reach the script as its environment, those without a value do not. */
function environmentOf(parameters: string[]): Record<string, string> {
  const pairs = parameters.map(parameter => {
    const at = parameter.indexOf('=');
    if (at < 1) {
      throw new CallError('A parameter without a name is not simulated.');
    }
    return [parameter.slice(0, at), parameter.slice(at + 1)];
  });
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''));
}
