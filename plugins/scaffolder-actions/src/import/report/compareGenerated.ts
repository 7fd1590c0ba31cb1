import { PipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { Workflow } from '../../generate/model';
import { LeafIndex } from '../source/LeafIndex';
import { ReadWorkflow } from '../source/readWorkflow';
import { Leaf } from '../types';
import { Accounts } from './Accounts';
import { planOf } from './standIn';

/** Why workflows cannot be generated yet. */
export interface Missing {
  key: string;
  message: string;
  remedy: string;
}

/** What stands in the way of generating workflows of a spec. */
export function missingIn(spec: PipelineSpec): Missing[] {
  const planned = planOf(spec);
  return 'problems' in planned
    ? planned.problems.map(({ path, message, remedy }) => ({
        key: path.join('.'),
        message,
        remedy,
      }))
    : [];
}

/**
 * Takes for accounted what stands just so in the workflows that are generated: the order of steps may be another.
 */
export function keepWhatIsGenerated(
  workflows: ReadonlyMap<string, Workflow>,
  files: readonly ReadWorkflow[],
  accounts: Accounts,
): void {
  for (const { name, leaves } of files) {
    const workflow = workflows.get(name);
    if (workflow) {
      keepSame(leaves, workflow, accounts);
    }
  }
}

function keepSame(
  leaves: readonly Leaf[],
  workflow: unknown,
  accounts: Accounts,
): void {
  const index = new LeafIndex(leaves);
  const places = new Map<string, string>();
  for (const leaf of leaves) {
    const path = alignedPath(leaf.path, index, workflow, places);
    const wanted = path && valueAt(workflow, path);
    const whole = leaf.command ? leaf.node.text : leaf.value;
    if (path && isSame(path, whole, wanted)) {
      accounts.same(leaf, 'what is generated says the same');
    } else if (leaf.path[4] === 'with' && isScalar(wanted)) {
      accounts.note(leaf, `what is generated says ${JSON.stringify(wanted)}`);
    }
  }
}

/** The path of a leaf in the generated workflow, where steps are found by what they are called. */
function alignedPath(
  path: readonly string[],
  index: LeafIndex,
  workflow: unknown,
  places: Map<string, string>,
): string[] | undefined {
  const [jobs, job, steps, number, ...rest] = path;
  if (jobs === 'jobs' && steps === 'steps' && number !== undefined) {
    const place = `${job}/${number}`;
    const found =
      places.get(place) ??
      stepLike(index, workflow, { job, number }, [...places]);
    if (found === undefined) {
      return undefined;
    }
    places.set(place, found);
    return [jobs, job, steps, found, ...rest];
  }
  const last = path[path.length - 1];
  const list = valueAt(workflow, path.slice(0, -1));
  if (Array.isArray(list) && /^\d+$/.test(last)) {
    const value = index.at(...path)?.value;
    const at = list.findIndex(one => one === value);
    return at < 0 ? [...path] : [...path.slice(0, -1), String(at)];
  }
  return [...path];
}

function stepLike(
  index: LeafIndex,
  workflow: unknown,
  { job, number }: { job: string; number: string },
  taken: readonly [string, string][],
): string | undefined {
  const steps = valueAt(workflow, ['jobs', job, 'steps']);
  const name = index.at('jobs', job, 'steps', number, 'name')?.value;
  if (!Array.isArray(steps) || name === undefined) {
    return undefined;
  }
  const used = taken
    .filter(([place]) => place.startsWith(`${job}/`))
    .map(([, at]) => at);
  const at = steps.findIndex(
    (step, position) => step?.name === name && !used.includes(String(position)),
  );
  return at < 0 ? undefined : String(at);
}

function isSame(
  path: readonly string[],
  own: unknown,
  wanted: unknown,
): boolean {
  if (path[path.length - 1] === 'uses' && typeof own === 'string') {
    return own.replace(/@.*$/, '') === wanted;
  }
  if (typeof own === 'string' && typeof wanted === 'string') {
    return own.trim() === wanted.trim();
  }
  return JSON.stringify(own) === JSON.stringify(wanted);
}

function isScalar(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'object';
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, segment) =>
      found !== null &&
      typeof found === 'object' &&
      Object.hasOwn(found, segment)
        ? (found as Record<string, unknown>)[segment]
        : undefined,
    value,
  );
}
