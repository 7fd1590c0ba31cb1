/** What a command of the stand-in takes; each option has one value unless it is a flag or a list. */
interface CommandSyntax {
  required: string[];
  optional?: string[];
  flags?: string[];
  lists?: string[];
}

const runCommand = ['--resource-group', '--vm-name', '--run-command-name'];
const containerApp = ['--name', '--resource-group'];
const blob = ['--auth-mode', '--account-name', '--container-name', '--name'];

/** As the scripts call them; whatever else Azure CLI can do is refused. */
const commands: Record<string, CommandSyntax> = {
  'vm show': {
    required: ['--resource-group', '--name', '--query', '--output'],
  },
  'vm run-command create': {
    required: [
      ...runCommand,
      '--location',
      '--script',
      '--timeout-in-seconds',
      '--output',
    ],
    flags: ['--no-wait'],
    lists: ['--parameters', '--protected-parameters'],
  },
  'vm run-command show': {
    required: [...runCommand, '--query', '--output'],
    flags: ['--instance-view'],
  },
  'vm run-command delete': {
    required: [...runCommand, '--output'],
    flags: ['--yes', '--no-wait'],
  },
  'containerapp show': {
    required: [...containerApp, '--query', '--output'],
  },
  'containerapp revision list': {
    required: [...containerApp, '--query', '--output'],
  },
  'containerapp revision show': {
    required: [...containerApp, '--revision', '--query', '--output'],
  },
  'containerapp revision activate': {
    required: [...containerApp, '--revision', '--output'],
  },
  'containerapp revision deactivate': {
    required: [...containerApp, '--revision', '--output'],
  },
  'containerapp revision copy': {
    required: [
      ...containerApp,
      '--from-revision',
      '--revision-suffix',
      '--output',
    ],
  },
  'containerapp ingress traffic set': {
    required: [...containerApp, '--revision-weight', '--output'],
  },
  'containerapp secret list': {
    required: [...containerApp, '--output'],
    flags: ['--show-values'],
  },
  'containerapp secret set': {
    required: [...containerApp, '--output'],
    lists: ['--secrets'],
  },
  'containerapp update': {
    required: [
      ...containerApp,
      '--container-name',
      '--image',
      '--revision-suffix',
      '--output',
    ],
    optional: ['--min-replicas', '--max-replicas'],
    lists: ['--set-env-vars'],
  },
  'storage blob upload': {
    required: [...blob, '--file', '--output'],
    flags: ['--only-show-errors', '--no-progress'],
  },
  'storage blob generate-sas': {
    required: [...blob, '--permissions', '--expiry', '--output'],
    flags: ['--only-show-errors', '--as-user', '--https-only', '--full-uri'],
  },
  'storage blob delete': {
    required: [...blob, '--output'],
    flags: ['--only-show-errors'],
  },
};

/** A call of the stand-in, taken apart. */
export interface ParsedCall {
  command: string;
  values: Record<string, string>;
  lists: Record<string, string[]>;
  flags: Set<string>;
}

/** Exit code of Azure CLI for arguments that it does not know. */
export const PARSER_ERROR = 2;

/** Why a call was refused, and with which exit code. */
export class CallError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Takes arguments apart; throws a CallError for any that is not simulated. */
export function parseCall(argv: string[]): ParsedCall {
  const end = argv.findIndex(word => word.startsWith('-'));
  const command = argv.slice(0, end === -1 ? undefined : end).join(' ');
  const syntax = Object.hasOwn(commands, command)
    ? commands[command]
    : undefined;
  if (syntax === undefined) {
    throw new CallError(`az ${command}: not simulated`, PARSER_ERROR);
  }
  const call: ParsedCall = {
    command,
    values: {},
    lists: {},
    flags: new Set(),
  };
  const words = argv.slice(end);
  while (words.length > 0) {
    takeOption(syntax, call, words);
  }
  const missing = syntax.required.find(
    option => !Object.hasOwn(call.values, option),
  );
  if (missing !== undefined) {
    throw new CallError(`az ${command}: ${missing} is required`, PARSER_ERROR);
  }
  return call;
}

function takeOption(
  syntax: CommandSyntax,
  call: ParsedCall,
  words: string[],
): void {
  const option = words.shift() ?? '';
  const given = words.findIndex(word => word.startsWith('--'));
  const values = words.splice(0, given === -1 ? words.length : given);
  const known = [...syntax.required, ...(syntax.optional ?? [])];
  if (syntax.flags?.includes(option) && values.length === 0) {
    call.flags.add(option);
  } else if (syntax.lists?.includes(option) && values.length > 0) {
    call.lists[option] = values;
  } else if (
    known.includes(option) &&
    values.length === 1 &&
    !Object.hasOwn(call.values, option)
  ) {
    call.values[option] = values[0];
  } else {
    throw new CallError(
      `az ${call.command}: ${option} with ${values.length} values: not simulated`,
      PARSER_ERROR,
    );
  }
}
