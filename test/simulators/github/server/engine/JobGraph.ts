import type { WorkflowJob as ParsedJob } from '@actions/workflow-parser/model/workflow-template';
import type { Json } from '../json';
import type { WorkflowJob } from '../state/model';
import type { JobStatusFunctions, WorkflowDefinition } from '../workflow';

export type JobResult = 'success' | 'failure' | 'cancelled' | 'skipped';

/** One entry of `jobs:`, with the legs that it became. */
export interface JobNode {
  id: string;
  job: ParsedJob;
  needs: string[];
  legs: WorkflowJob[];
  result: JobResult | undefined;
  outputs: Record<string, string>;
  started: boolean;
  failFast: boolean;
  maxParallel: number | undefined;
  continueOnError: boolean;
}

/** The jobs of a workflow and what became of them; decides, does nothing. */
export class JobGraph {
  readonly nodes: JobNode[];
  readonly #byId: Map<string, JobNode>;

  constructor(definition: WorkflowDefinition) {
    this.nodes = definition.jobs.map(job => ({
      id: job.id.value,
      job,
      needs: (job.needs ?? []).map(need => need.value),
      legs: [],
      result: undefined,
      outputs: {},
      started: false,
      failFast: true,
      maxParallel: undefined,
      continueOnError:
        definition.source[job.id.value]?.['continue-on-error'] === true,
    }));
    this.#byId = new Map(this.nodes.map(node => [node.id, node]));
  }

  node(id: string): JobNode | undefined {
    return this.#byId.get(id);
  }

  /** Jobs that nothing holds back any more. */
  ready(): JobNode[] {
    return this.nodes.filter(
      node =>
        !node.started &&
        node.needs.every(need => this.#byId.get(need)?.result !== undefined),
    );
  }

  get isDone(): boolean {
    return this.nodes.every(node => node.result !== undefined);
  }

  /**
   * What the status functions say before a job: they look at every job that
   * it needs, and at those that these need.
   */
  status(node: JobNode, cancelled: boolean): JobStatusFunctions {
    const results = [...this.#ancestors(node)].map(ancestor => ancestor.result);
    return {
      success: !cancelled && results.every(result => result === 'success'),
      failure: results.includes('failure'),
      cancelled,
    };
  }

  /** The `needs` context of a job. */
  needsContext(node: JobNode): Json {
    return Object.fromEntries(
      node.needs.map(need => {
        const needed = this.#byId.get(need);
        return [
          need,
          { result: needed?.result ?? '', outputs: needed?.outputs ?? {} },
        ];
      }),
    );
  }

  /** How the run ended. */
  conclusion(cancelled: boolean): JobResult {
    const results = this.nodes
      .filter(node => !node.continueOnError)
      .map(node => node.result);
    if (cancelled) return 'cancelled';
    if (results.includes('failure')) return 'failure';
    if (results.includes('cancelled')) return 'cancelled';
    if (results.every(result => result === 'skipped')) return 'skipped';
    return 'success';
  }

  #ancestors(node: JobNode, found = new Set<JobNode>()): Set<JobNode> {
    for (const need of node.needs) {
      const needed = this.#byId.get(need);
      if (!needed || found.has(needed)) continue;
      found.add(needed);
      this.#ancestors(needed, found);
    }
    return found;
  }
}

/** What several legs come to. */
export function resultOfLegs(node: JobNode): JobResult {
  const conclusions = node.legs.map(leg => leg.conclusion);
  if (conclusions.some(one => one === 'failure' || one === 'timed_out')) {
    return node.continueOnError ? 'success' : 'failure';
  }
  if (conclusions.includes('cancelled')) return 'cancelled';
  if (conclusions.every(one => one === 'skipped')) return 'skipped';
  return 'success';
}
