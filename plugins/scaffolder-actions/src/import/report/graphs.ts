import { Job, Workflow } from '../../generate/model';
import { WorkflowView } from '../assemble/Repository';
import { JobGraph, JobNode } from '../conditions/JobGraph';
import { parseCondition } from '../conditions/parseCondition';
import { triggersOf } from '../conditions/triggers';
import { startsOf } from '../source/startsOf';

/** The jobs of a workflow that was read. */
export function graphOf({ index, jobs }: WorkflowView): JobGraph {
  return new JobGraph(
    startsOf(index),
    new Map(
      jobs.map(job => [
        job.key,
        nodeOf(
          job.tree,
          job.needs.map(({ value }) => value),
        ),
      ]),
    ),
  );
}

/** The jobs of a workflow that is generated. */
export function graphOfGenerated({ on, jobs }: Workflow): JobGraph {
  return new JobGraph(
    triggersOf({
      events: Object.keys(on),
      list: (event, key) => listOf(on, event, key),
    }),
    new Map(
      Object.entries(jobs).map(([key, job]: [string, Job]) => [
        key,
        nodeOf(
          job.if === undefined ? undefined : parseCondition(job.if),
          job.needs ?? [],
        ),
      ]),
    ),
  );
}

/** The branches or tags that an event of a generated workflow is about. */
export function listOf(
  on: Workflow['on'],
  event: string,
  key: 'branches' | 'tags',
): readonly string[] {
  const started = (on as Record<string, unknown>)[event];
  const list = (started ?? {}) as Record<string, unknown>;
  return Array.isArray(list[key]) ? (list[key] as string[]) : [];
}

function nodeOf(
  condition: JobNode['condition'],
  needs: readonly string[],
): JobNode {
  return { needs, ...(condition && { condition }) };
}
