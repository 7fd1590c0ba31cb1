import { posix } from 'node:path';
import { isInstallation } from '../../generate/jobs/installations';
import { JobView } from '../source/JobView';
import { Told } from '../types';
import {
  directoryOf,
  Language,
  LANGUAGE_OF,
  languageOf,
  Said,
} from './languages';
import { keptOf, reportsOf } from './results';
import { Run, TestStep, testStep } from './testSteps';

/** A job of tests as `spec.tests` has it: commands or a scan, and what they run with. */
export interface TestJob {
  said: Said[];
  /** Variables that only the commands see. */
  variables: Told<{ name: string; value: string }>[];
  directory: string;
  isScan: boolean;
}

const KEYS = [
  'name',
  'needs',
  'if',
  'runs-on',
  'timeout-minutes',
  'permissions',
  'strategy',
  'services',
  'env',
  'outputs',
  'defaults',
  'steps',
];

/** What tests and scans may do. Whatever else a job may write is no test's business. */
const WRITES = ['id-token', 'security-events'];

/**
 * Reads a job of commands or of a scan. Undefined if something in it has no word in `spec.tests`, or if it is nothing
 * but the tests of its language.
 */
export function readTestJob(job: JobView): TestJob | undefined {
  const steps = isSayable(job) ? job.steps.map(testStep) : [undefined];
  if (!steps.every((step): step is TestStep => step !== undefined)) {
    return undefined;
  }
  const scan = scanOf(steps);
  const language = languageOf(steps);
  const runs = steps.filter(
    (step): step is Run => step.kind === 'run' && !language.own.includes(step),
  );
  const [first] = runs;
  const isScan = scan !== undefined;
  const isOneThing =
    isScan === (first === undefined) && (!isScan || language.own.length === 0);
  const directory = directoryOf(first?.step ?? language.step);
  const variables = first ? variablesOf(runs) : [];
  if (
    !isOneThing ||
    !variables ||
    !isInOrder(steps, runs) ||
    runs.some(({ text }) => text === undefined) ||
    runs.some(({ step }) => directoryOf(step) !== directory) ||
    (steps.some(({ kind }) => kind === 'registry') &&
      scan?.value.type !== 'image') ||
    isPlainTest(job, { language, runs, directory })
  ) {
    return undefined;
  }
  return {
    isScan,
    directory,
    variables,
    said: [
      ...language.said,
      ...toolsOf(steps, language.of),
      ...steps.flatMap((step): Said[] => {
        switch (step.kind) {
          case 'compose':
            return [{ key: ['compose'], told: step.files }];
          case 'system':
            return [{ key: ['systemPackages'], told: step.packages }];
          default:
            return [];
        }
      }),
      ...(directory === '.'
        ? []
        : [
            {
              key: ['directory'],
              told: {
                value: directory,
                leaves: runs.flatMap(
                  ({ step }) => step.directory?.leaves ?? [],
                ),
              },
            },
          ]),
      ...(scan ? [{ key: ['scan'], told: scan }] : []),
      ...(first
        ? [
            {
              key: ['commands'],
              told: {
                value: runs.map(({ text }) => text),
                leaves: runs.flatMap(({ leaves }) => leaves),
              },
            },
          ]
        : []),
      ...matrixOf(job),
    ],
  };
}

function isSayable(job: JobView): boolean {
  const keys = new Set(job.under().map(({ path }) => path[2]));
  const isHarmless = job
    .under('permissions')
    .every(
      ({ path, value }) =>
        value === 'read' || value === 'none' || WRITES.includes(path[3]),
    );
  // Nothing that a test found out, but which attempt it was of.
  const saysNothing = job
    .under('outputs')
    .every(({ value }) =>
      /^\$\{\{ (strategy\.job-index == \d+ && )?github\.run_attempt\b[^}]*\}\}$/.test(
        String(value),
      ),
    );
  const hasPlainMatrix = job
    .under('strategy', 'matrix')
    .every(
      ({ path, value }) =>
        path.length === 6 &&
        path[4] !== 'include' &&
        path[4] !== 'exclude' &&
        typeof value === 'string' &&
        !value.includes('${{'),
    );
  return (
    [...keys].every(key => KEYS.includes(key)) &&
    isHarmless &&
    saysNothing &&
    hasPlainMatrix
  );
}

/** Set-up comes first: what is set up between commands is not the same before them. */
function isInOrder(steps: readonly TestStep[], runs: readonly Run[]): boolean {
  const begin = steps.findIndex(step => runs.includes(step as Run));
  return (
    begin < 0 ||
    steps.slice(begin).every(({ kind }) => kind === 'run' || kind === 'frame')
  );
}

/** What tests of a language have besides it. */
export function toolsBeside(job: JobView, language: Language): Said[] {
  const steps = job.steps.flatMap(step => testStep(step) ?? []);
  return toolsOf(steps, language).filter(
    // Coverage of Rust is measured by a program of its own.
    ({ told }) => JSON.stringify(told.value) !== '["cargo-tarpaulin"]',
  );
}

function toolsOf(
  steps: readonly TestStep[],
  language: Language | undefined,
): Said[] {
  const own = steps.find(
    step =>
      step.kind === 'tool' && language && LANGUAGE_OF[step.tool] === language,
  );
  return steps.flatMap((step): Said[] => {
    if (step.kind === 'cargo') {
      return [{ key: ['tools', 'cargo'], told: step.programs }];
    }
    return step.kind === 'tool' && step !== own
      ? [{ key: ['tools', step.tool], told: step.version }]
      : [];
  });
}

/** All parts of a scan as one; undefined if there is none, or if they are of several. */
function scanOf(
  steps: readonly TestStep[],
): Told<Record<string, unknown>> | undefined {
  const parts = steps.flatMap(step => (step.kind === 'scan' ? step.part : []));
  const types = new Set(parts.flatMap(({ keys }) => keys.type ?? []));
  const tags = new Set(parts.flatMap(({ keys }) => keys.tag ?? []));
  return types.size === 1 && tags.size <= 1
    ? {
        value: Object.assign({}, ...parts.map(({ keys }) => keys)),
        leaves: parts.flatMap(({ leaves }) => leaves),
      }
    : undefined;
}

/**
 * The same for all commands, or nothing can be said of them; but for what installs or builds, which may have less of it: no
 * secrets.
 */
function variablesOf(runs: readonly Run[]): TestJob['variables'] | undefined {
  const each = runs.map(({ step, text = '' }) => ({
    mayLack: isInstallation(text),
    variables: step.under('env').map(({ path }) => ({
      name: path[5],
      told: step.variable(path[5]) ?? { value: '', leaves: [] },
    })),
  }));
  const textsOf = ({ variables }: (typeof each)[number]) =>
    variables.map(({ name, told }) => JSON.stringify([name, told.value]));
  const most = textsOf(
    each.find(({ mayLack }) => !mayLack) ??
      each.reduce((left, right) =>
        right.variables.length > left.variables.length ? right : left,
      ),
  );
  const isSame = (one: (typeof each)[number]) => {
    const texts = textsOf(one);
    return one.mayLack
      ? texts.every(text => most.includes(text))
      : texts.join() === most.join();
  };
  return each.every(isSame)
    ? each
        .flatMap(({ variables }) => variables)
        .map(({ name, told }) => ({
          value: { name, value: told.value },
          leaves: told.leaves,
        }))
    : undefined;
}

function matrixOf(job: JobView): Said[] {
  const leaves = job.under('strategy', 'matrix');
  const value: Record<string, string[]> = {};
  for (const { path, value: one } of leaves) {
    value[path[4]] = [...(value[path[4]] ?? []), String(one)];
  }
  return leaves.length > 0
    ? [{ key: ['matrix'], told: { value, leaves } }]
    : [];
}

/** The tests of Rust, and those that the coverage of all is measured by. */
const RUST_TESTS = [
  'cargo test --locked',
  'cargo tarpaulin --locked --out Xml --output-dir .',
];

/** What a language runs unless told otherwise; npm test counts if its report is kept as well. */
function isPlainTest(
  job: JobView,
  {
    language,
    runs,
    directory,
  }: {
    language: { of?: Language };
    runs: readonly Run[];
    directory: string;
  },
): boolean {
  const [{ text = '' } = {}] = runs;
  const own = posix.join(directory, 'test-report.xml');
  const isKept =
    keptOf(job).files.includes(own) ||
    reportsOf(job).some(({ files }) =>
      files.some(({ value }) => value.file === own),
    );
  return (
    runs.length === 1 &&
    ((language.of === 'rust' && RUST_TESTS.includes(text)) ||
      (language.of === 'typescript' && text === 'npm test' && isKept))
  );
}
