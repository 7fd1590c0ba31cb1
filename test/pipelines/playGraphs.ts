import { text } from 'node:stream/consumers';
import {
  JobGraph,
  type JobNode,
  type JobResult,
} from '../simulators/github/server/engine/JobGraph';
import {
  jobOutputs,
  stepOutputs,
} from '../simulators/github/server/engine/jobOutputs';
import {
  evaluate,
  evaluateToken,
  isTruthy,
  readWorkflow,
  triggersOnPush,
  triggersOnWorkflowRun,
  type Contexts,
  type WorkflowDefinition,
} from '../simulators/github/server/workflow';

/** How a run comes to be. */
export interface Start {
  event: 'push' | 'workflow_dispatch' | 'workflow_run';
  /** What is pushed, chosen, or was found good by another workflow. */
  ref: string;
  inputs: Record<string, string>;
  changedFiles: string[];
}

/** How a job ends that does not succeed: also because something newer is there. */
export type Fate = 'failure' | 'cancelled' | 'refused';

/** What became of the jobs of one run. */
export interface Played {
  /** Index of its start. */
  start: number;
  fates: Record<string, Fate>;
  results: Record<string, JobResult>;
}

/** A workflow, and how it is started. */
export interface Game {
  content: string;
  starts: Start[];
}

/** Plays each start of a workflow: as it should be, and with each job that then ran ending otherwise, alone and beside another. */
async function playAll({ content, starts }: Game): Promise<Played[]> {
  const definition = await readWorkflow('deploy.yml', content);
  if (definition.errors.length > 0) {
    throw new Error(definition.errors.join('\n'));
  }
  return starts.flatMap((start, index) => {
    if (!isStarted(definition, start)) {
      return [];
    }
    const play = (fates: Played['fates']): Played => ({
      start: index,
      fates,
      results: resultsOf(definition, start, fates),
    });
    const good = play({});
    const single = Object.keys(good.results)
      .filter(job => good.results[job] === 'success')
      .flatMap(job => fatesOf(definition, job).map(fate => ({ [job]: fate })));
    const double = single.map((one, place) => ({
      ...single[(place * 5 + 3) % single.length],
      ...one,
    }));
    return [good, ...[...single, ...double].map(play)];
  });
}

function fatesOf({ source }: WorkflowDefinition, job: string): Fate[] {
  const { outputs = {} } = source[job];
  return Object.hasOwn(outputs as object, 'refused')
    ? ['failure', 'cancelled', 'refused']
    : ['failure', 'cancelled'];
}

function isStarted(
  { events }: WorkflowDefinition,
  { event, ref, changedFiles }: Start,
): boolean {
  const branch = ref.replace('refs/heads/', '');
  return {
    push: () => triggersOnPush(events, ref, changedFiles),
    workflow_run: () =>
      triggersOnWorkflowRun(events, 'completed', 'CI', branch),
    workflow_dispatch: () => events.workflow_dispatch !== undefined,
  }[event]();
}

function resultsOf(
  definition: WorkflowDefinition,
  start: Start,
  fates: Played['fates'],
): Played['results'] {
  const graph = new JobGraph(definition);
  for (let ready = graph.ready(); ready.length > 0; ready = graph.ready()) {
    for (const node of ready) {
      node.started = true;
      const contexts: Contexts = {
        ...contextsOf(start),
        needs: graph.needsContext(node),
      };
      const runs = isTruthy(
        evaluate(node.job.if.expression, contexts, graph.status(node, false)),
      );
      node.result = runs ? resultOf(fates[node.id]) : 'skipped';
      node.outputs = outputsOf(definition, start, node, contexts);
      if (fates[node.id] === 'refused') {
        node.outputs = { refused: 'true' };
      }
    }
  }
  return Object.fromEntries(
    graph.nodes.map(({ id, result = 'skipped' }) => [id, result]),
  );
}

function resultOf(fate: Fate | undefined): JobResult {
  return fate === 'refused' ? 'failure' : fate ?? 'success';
}

function outputsOf(
  definition: WorkflowDefinition,
  start: Start,
  node: JobNode,
  contexts: Contexts,
): Record<string, string> {
  if (node.result !== 'success') {
    return {};
  }
  const steps = stepOutputs(start, definition, node);
  return jobOutputs(node, token =>
    evaluateToken(token, { ...contexts, steps }),
  );
}

function contextsOf({ event, ref, inputs }: Start): Contexts {
  const own = event === 'workflow_run' ? 'refs/heads/main' : ref;
  const repository = 'example-org/shop';
  return {
    inputs,
    github: {
      event_name: event,
      ref: own,
      ref_name: own.replace(/^refs\/(heads|tags)\//, ''),
      ref_type: own.startsWith('refs/tags/') ? 'tag' : 'branch',
      sha: '1'.repeat(40),
      repository,
      event:
        event === 'workflow_run'
          ? {
              workflow_run: {
                event: 'push',
                conclusion: 'success',
                head_branch: ref.replace('refs/heads/', ''),
                head_sha: '2'.repeat(40),
                head_repository: { full_name: repository },
              },
            }
          : {},
    },
  };
}

async function main(): Promise<void> {
  const games = JSON.parse(await text(process.stdin)) as Game[];
  process.stdout.write(JSON.stringify(await Promise.all(games.map(playAll))));
}

main().catch(error => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
