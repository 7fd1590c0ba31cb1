import { CallError } from './CallError';

/** A call, taken apart. */
export interface Call {
  /** Such as `get` or `rollout undo`. */
  verb: string;
  /** What stands there without an option's name. */
  words: string[];
  /** Values by option, in their order; flags have an empty text. */
  values: Record<string, string[]>;
}

/** How an option is given: behind a space or `=`, behind `=` alone, or without a value. */
type Form = 'value' | 'equals' | 'flag';

const VERBS: Readonly<Record<string, Readonly<Record<string, Form>>>> = {
  get: {
    '--filename': 'value',
    '--ignore-not-found': 'flag',
    '--output': 'value',
    '--selector': 'value',
  },
  create: {
    '--dry-run': 'equals',
    '--filename': 'value',
    '--output': 'value',
    '--recursive': 'flag',
  },
  apply: {
    '--field-manager': 'value',
    '--filename': 'value',
    '--force-conflicts': 'flag',
    '--server-side': 'flag',
  },
  replace: { '--filename': 'value' },
  delete: { '--filename': 'value', '--ignore-not-found': 'flag' },
  patch: { '--patch-file': 'value', '--type': 'value' },
  annotate: { '--overwrite': 'flag' },
  'rollout undo': { '--to-revision': 'value' },
  'rollout resume': {},
  logs: {
    '--container': 'value',
    '--max-log-requests': 'value',
    '--selector': 'value',
    '--tail': 'value',
    '--timestamps': 'flag',
  },
};

/** Takes the arguments of a call apart; whatever a verb does not have is refused, as kubectl does. */
export function parseArguments(argv: readonly string[]): Call {
  const words: string[] = [];
  const given: [string, string | undefined][] = [];
  const options = optionsOf(argv);
  const queue = [...argv];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (!next.startsWith('-')) {
      words.push(next);
      continue;
    }
    const [name, ...rest] = next.split('=');
    const form = options.get(name);
    if (form === undefined) {
      throw new CallError(
        `error: unknown flag: ${name}\nSee 'kubectl ${words[0]} --help' for usage.`,
      );
    }
    const attached = rest.length > 0 ? rest.join('=') : undefined;
    const value = form === 'value' ? attached ?? queue.shift() : attached;
    if ((value === undefined) !== (form === 'flag')) {
      throw new CallError(`error: flag needs an argument: ${name}`);
    }
    given.push([name, value]);
  }
  const verb = verbOf(words);
  const values: Record<string, string[]> = {};
  for (const [name, value = ''] of given) {
    values[name] = [...(values[name] ?? []), value];
  }
  return { verb, words: words.slice(verb.split(' ').length), values };
}

/** Those of the verb, and those that every one has. */
function optionsOf(argv: readonly string[]): Map<string, Form> {
  // The namespace stands in front of the verb.
  const words = argv[0] === '--namespace' ? argv.slice(2) : argv;
  return new Map<string, Form>([
    ['--namespace', 'value'],
    ...(Object.entries(VERBS[verbOf(words)]) as [string, Form][]),
  ]);
}

function verbOf(words: readonly string[]): string {
  const [first, second] = words;
  const verb = first === 'rollout' ? `${first} ${second}` : first;
  if (!Object.hasOwn(VERBS, verb)) {
    throw new CallError(`error: unknown command "${verb}" for "kubectl"`);
  }
  return verb;
}
