import { Step } from '../../generate/model';
import { keyOf } from '../conditions/Condition';
import { parseCondition } from '../conditions/parseCondition';
import { JobView } from '../source/JobView';
import { StepView } from '../source/StepView';
import { Leaf } from '../types';
import { Accounts } from './Accounts';

const KEEP =
  'Check that it may run just then, or keep the job in a workflow of its own.';

/** A step beside the one that is generated in its place. */
interface Pair {
  step: StepView;
  generated: Step;
  /** Whether both are called the same, as after a change by hand; else they do the same. */
  isNamed: boolean;
}

/**
 * Compares when steps run, and whether the job goes on without them, with the steps that are generated in their place.
 * What one of the two has alone is named, also where only the generated one has it.
 */
export function compareSteps(
  accounts: Accounts,
  job: JobView,
  steps: readonly Step[],
): void {
  for (const pair of pairsOf(job.steps, steps)) {
    compareCondition(accounts, pair);
    compareFailure(accounts, pair);
    noteFurther(accounts, pair);
  }
}

/** By their names, then by the action or script that is there once on both sides. */
function pairsOf(own: readonly StepView[], made: readonly Step[]): Pair[] {
  const left = new Set(made);
  const pairs: Pair[] = [];
  const pair = (step: StepView, isNamed: boolean, generated?: Step) => {
    if (generated) {
      left.delete(generated);
      pairs.push({ step, generated, isNamed });
    }
    return generated !== undefined;
  };
  const unnamed = own.filter(step => {
    const name = step.at('name')?.value;
    return !pair(
      step,
      true,
      [...left].find(one => one.name === name),
    );
  });
  const isOnly = (what: string) =>
    unnamed.filter(step => doing(step) === what).length === 1 &&
    [...left].filter(step => doingOf(step) === what).length === 1;
  for (const step of unnamed) {
    const what = doing(step);
    if (what !== undefined && isOnly(what)) {
      pair(
        step,
        false,
        [...left].find(one => doingOf(one) === what),
      );
    }
  }
  return pairs;
}

/** The action of a step, or the script of this tool that it calls. */
function doing(step: StepView): string | undefined {
  const { script } = step;
  return step.uses ?? (script && [script.name, ...script.words].join(' '));
}

function doingOf({ uses, run = '' }: Step): string | undefined {
  return uses ?? /^\.github\/deploy\/([^\n]+)$/.exec(run)?.[1];
}

function compareCondition(
  accounts: Accounts,
  { step, generated, isNamed }: Pair,
): void {
  const own = step.at('if');
  const asked = generated.if;
  const main = mainLeafOf(step);
  if (own && isSame(String(own.value), asked)) {
    accounts.same(own, 'the generated step asks for the same');
  } else if (own) {
    accounts.lacks(own, {
      message:
        asked === undefined
          ? 'the generated step runs whenever those before it succeeded'
          : `the generated step asks for ${asked} instead`,
      remedy: KEEP,
    });
  } else if (asked !== undefined && main && !isNamed) {
    accounts.note(main, `what is generated asks besides: ${asked}`);
  } else if (asked !== undefined && main) {
    accounts.lacks(main, {
      message: `the generated step has a condition, ${asked}, and this one runs whenever those before it succeeded`,
      remedy: KEEP,
    });
  }
}

function isSame(own: string, asked: string | undefined): boolean {
  if (asked === undefined || own.trim() === asked) {
    return asked !== undefined;
  }
  const [left, right] = [parseCondition(own), parseCondition(asked)];
  return (
    left !== undefined && right !== undefined && keyOf(left) === keyOf(right)
  );
}

/** That a step may fail is told, or known from where it stands. */
function compareFailure(
  accounts: Accounts,
  { step, generated, isNamed }: Pair,
): void {
  const main = mainLeafOf(step);
  if (
    isNamed &&
    generated['continue-on-error'] === true &&
    step.at('continue-on-error') === undefined &&
    main
  ) {
    accounts.lacks(main, {
      message: 'the job goes on if the generated step fails, and not here',
      remedy:
        'Check that its failure may pass, or keep the job in a workflow of its own.',
    });
  }
}

/** What was taken out of a generated step and comes back. */
function noteFurther(
  accounts: Accounts,
  { step, generated, isNamed }: Pair,
): void {
  const main = mainLeafOf(step);
  const further = [
    ...Object.keys(generated.with ?? {}).map(name => ['with', name]),
    ...Object.keys(generated.env ?? {}).map(name => ['env', name]),
    ...(generated['working-directory'] === undefined
      ? []
      : [['working-directory']]),
  ].filter(path => step.under(...path).length === 0);
  if (main && isNamed && further.length > 0) {
    accounts.note(
      main,
      `what is generated also has ${further
        .map(path => path.join('.'))
        .join(', ')}`,
    );
  }
}

/** What a step is there for, as the report has it. */
function mainLeafOf(step: StepView): Leaf | undefined {
  return step.at('uses') ?? step.under('run')[0];
}
