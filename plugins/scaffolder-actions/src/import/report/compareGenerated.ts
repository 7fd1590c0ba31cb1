import { PipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { planPipeline } from '../../generate';
import { clashesOf, workflowsOf } from '../../generate/workflows';
import { LeafIndex } from '../source/LeafIndex';
import { ReadWorkflow } from '../source/readWorkflow';
import { Leaf } from '../types';
import { Accounts } from './Accounts';

/** Trust names the repository, and workflows do not. */
const ANY_REPOSITORY = 'example-org/repository';

/** Why workflows cannot be generated yet. */
export interface Missing {
  key: string;
  message: string;
  remedy: string;
}

/**
 * Generates the workflows that a spec asks for, and takes for accounted what stands in them just so: the order of
 * steps may be another.
 */
export function keepWhatIsGenerated(
  spec: PipelineSpec,
  files: readonly ReadWorkflow[],
  accounts: Accounts,
): Missing[] {
  const planned = planPipeline({
    ...spec,
    repository: spec.repository ?? ANY_REPOSITORY,
  });
  const problems =
    'problems' in planned ? planned.problems : clashesOf(planned.plan);
  if ('problems' in planned || problems.length > 0) {
    return problems.map(({ path, message, remedy }) => ({
      key: path.join('.'),
      message,
      remedy,
    }));
  }
  const generated = workflowsOf(planned.plan);
  for (const { name, leaves } of files) {
    const workflow = generated.get(name);
    if (workflow) {
      keepSame(leaves, workflow, accounts);
    }
  }
  return [];
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
