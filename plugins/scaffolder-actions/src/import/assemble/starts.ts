import { Told } from '../types';
import { branchesAllowed, branchesByHand } from './refs';
import { Deployment, Repository, titleOf, WorkflowView } from './Repository';

/** Sets what starts the workflows that deploy besides a push: another workflow, or somebody who names a service. */
export function assembleStarts(
  repository: Repository,
  deployments: readonly Deployment[],
): void {
  const deploying = [...new Set(deployments.map(({ workflow }) => workflow))];
  for (const workflow of deploying) {
    assembleAfter(repository, workflow);
    assembleChoice(repository, workflow);
    assembleBranchesByHand(repository, workflow);
  }
}

/** The workflow whose success starts this one. */
function assembleAfter(
  { draft, workflows, accounts }: Repository,
  { index }: WorkflowView,
): void {
  const [awaited] = index.texts('on', 'workflow_run', 'workflows');
  if (!awaited) {
    return;
  }
  index
    .texts('on', 'workflow_run', 'branches')
    .forEach(told => draft.add(['spec', 'pipeline', 'branches'], told));
  const found = workflows.find(workflow => titleOf(workflow) === awaited.value);
  if (found) {
    draft.set(['spec', 'pipeline', 'after', 'workflow'], {
      ...awaited,
      value: found.name,
    });
  } else {
    accounts.refuse(
      awaited.leaves,
      `no workflow that is imported is called "${awaited.value}"`,
      'Import it as well, or name its file as spec.pipeline.after.workflow.',
    );
  }
}

/** What the workflow that comes first is called, where that is not said by tests in it. */
export function assembleTitleOfAfter({ draft, workflows }: Repository): void {
  const file = draft.get(['spec', 'pipeline', 'after', 'workflow']);
  const found = workflows.find(({ name }) => name === file);
  const tests = (draft.get(['spec', 'tests']) ?? {}) as Record<
    string,
    { workflow?: string }
  >;
  const title = found?.index.at('name');
  if (title && !Object.values(tests).some(one => one.workflow === file)) {
    draft.set(['spec', 'pipeline', 'after', 'title'], {
      value: title.value,
      leaves: [title],
    });
  }
}

/** The input by which somebody names one service, where it is not the one that it would be anyway. */
function assembleChoice(
  { draft }: Repository,
  { index, jobs }: WorkflowView,
): void {
  for (const job of jobs) {
    const usual = job.facts.has('filters') ? 'force' : 'service';
    for (const leaf of job.under('outputs')) {
      const [, input] =
        /inputs\.(\w+) == 'all' \|\| inputs\.\1 == '/.exec(
          String(leaf.value),
        ) ?? [];
      if (input !== undefined && input !== usual) {
        const told: Told<string> = {
          value: input,
          leaves: [
            leaf,
            ...index
              .under('on', 'workflow_dispatch', 'inputs', input)
              .filter(({ path }) => path.includes('options')),
          ],
        };
        draft.set(['spec', 'pipeline', 'serviceInput'], told);
      }
    }
  }
}

/** Where only tags go by themselves, the branches that somebody may bring are those of the pipeline. */
function assembleBranchesByHand(
  { draft }: Repository,
  { index, jobs }: WorkflowView,
): void {
  const pushed = index.texts('on', 'push', 'branches');
  const tags = index.texts('on', 'push', 'tags');
  const isOfTags = pushed.length === 0 && tags.length > 0;
  for (const job of jobs) {
    const condition = job.at('if');
    const branches =
      isOfTags && job.needs.length === 0
        ? branchesAllowed(job)
        : branchesByHand(job);
    for (const value of branches) {
      draft.add(['spec', 'pipeline', 'branches'], {
        value,
        leaves: condition ? [condition] : [],
      });
    }
  }
}
