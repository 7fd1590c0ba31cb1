import { posix } from 'node:path';
import { commandName } from '../../generate/jobs/runTests';
import { StepView } from '../source/StepView';
import { Leaf, Told } from '../types';
import { Run, TestStep, Tool } from './testSteps';

/** A key of tests, and what says it. */
export interface Said {
  key: readonly string[];
  told: Told<unknown>;
}

export type Language = 'python' | 'typescript' | 'rust';

/** Which language a tool is of. */
export const LANGUAGE_OF: Partial<Record<Tool, Language>> = {
  python: 'python',
  node: 'typescript',
  rust: 'rust',
};

/** The language of tests, and the steps that are there for nothing else. */
export interface SetUp {
  /** Undefined for none. */
  of?: Language;
  said: Said[];
  own: readonly TestStep[];
  /** Where packages are installed, if that is where the tests run. */
  step?: StepView;
}

/** Where a step runs, relative to the root. */
export function directoryOf(step: StepView | undefined): string {
  return posix.join(step?.directory?.value ?? '.').replace(/(.)\/$/, '$1');
}

/** The language whose packages are installed, or none: then what is set up is a tool. */
export function languageOf(steps: readonly TestStep[]): SetUp {
  const tools = new Map(
    steps.flatMap(step =>
      step.kind === 'tool' ? [[step.tool, step.version] as const] : [],
    ),
  );
  const begin = steps.findIndex(
    step =>
      step.kind === 'rust-cache' ||
      (step.kind === 'run' &&
        (isPip(step, tools.has('python')) || isNpm(step, tools.has('node')))),
  );
  const found = steps[begin];
  const firstRun = steps.findIndex(({ kind }) => kind === 'run');
  if (!found || (found.kind === 'run' && firstRun !== begin)) {
    return { said: none(), own: [] };
  }
  if (found.kind === 'rust-cache') {
    const version = tools.get('rust');
    return version
      ? { of: 'rust', said: saying('rust', version), own: [found] }
      : { said: none(), own: [] };
  }
  const run = found as Run;
  if (isPip(run, true)) {
    return {
      of: 'python',
      own: [run],
      said: [
        ...saying('python', tools.get('python') as Told<string>),
        ...pipPackages(run),
      ],
    };
  }
  // The last of those that follow each other is the tests' own, the others are of packages that they need.
  const own: Run[] = [];
  for (const step of steps.slice(begin)) {
    if (
      step.kind !== 'run' ||
      !isNpm(step, true) ||
      own.some(one => directoryOf(one.step) === directoryOf(step.step))
    ) {
      break;
    }
    own.push(step);
  }
  const local = own.slice(0, -1).map(({ step }) => directoryOf(step));
  const last = own[own.length - 1];
  return {
    of: 'typescript',
    own,
    step: last.step,
    said: [
      ...saying('typescript', tools.get('node') as Told<string>),
      ...listed('localPackages', local, own[0].leaves),
      ...npmPackages(last),
    ],
  };
}

function none(): Said[] {
  return [{ key: ['language'], told: { value: 'none', leaves: [] } }];
}

function saying(language: Language, version: Told<string>): Said[] {
  return [
    { key: ['language'], told: { value: language, leaves: version.leaves } },
    { key: ['version'], told: version },
  ];
}

function listed(
  key: string,
  value: readonly string[],
  leaves: readonly Leaf[],
): Said[] {
  return value.length > 0 ? [{ key: [key], told: { value, leaves } }] : [];
}

/** Whether the generator called it as it does commands: those of a language, such as "Install", have names of their own. */
function isCommand(step: StepView): boolean {
  const text = (step.at('run')?.node.text ?? '').trim();
  return step.at('name')?.value === commandName(text);
}

/** `python -m pip install` of packages by name, or of directories. */
function isPip({ step, text = '' }: Run, isSetUp: boolean): boolean {
  const [command, ...rest] = step.commands;
  return (
    isSetUp &&
    rest.length === 0 &&
    /^python -m pip install /.test(text) &&
    !isCommand(step) &&
    step.under('env').length === 0 &&
    command.furtherThan('--editable', '-m').length === 0
  );
}

function pipPackages({ step, leaves }: Run): Said[] {
  const [command] = step.commands;
  const local = command.options('--editable').map(({ value }) => value);
  const named = command.words
    .slice(4)
    .filter(word => !word.startsWith('-') && !local.includes(word));
  return [
    ...listed(
      'localPackages',
      local.map(path => posix.join(path)),
      leaves,
    ),
    ...listed('packages', named, leaves),
  ];
}

/** `npm ci`, with further packages or without. */
function isNpm({ step }: Run, isSetUp: boolean): boolean {
  const { commands } = step;
  return (
    isSetUp &&
    !isCommand(step) &&
    step.under('env').length === 0 &&
    commands.length > 0 &&
    commands.length <= 2 &&
    commands[0].words.join(' ') === 'npm ci' &&
    commands
      .slice(1)
      .every(command => command.is('npm', 'install', '--no-save'))
  );
}

function npmPackages({ step }: Run): Said[] {
  const [, further] = step.commands;
  return further
    ? listed('packages', further.words.slice(3), [further.leaf])
    : [];
}
