import { USUAL_TITLE, workflowOf } from '../../generate/stages';
import { startsOf } from '../source/startsOf';
import { stepsWith } from '../testJobs/results';
import { Told } from '../types';
import { assembleCompose } from './compose';
import { ConditionRefs, isForTags, partOf } from './refs';
import { Deployment, Repository, WorkflowView } from './Repository';

/** Takes a key of an environment's `deploy`, with what says so. */
export type TakeStageKey = (
  name: string,
  told: readonly Told<unknown>[],
  value: unknown,
) => void;

/** How an environment is deployed: by which workflow, what of, and to which cluster or machine. */
export function assembleStage(
  { draft, workflows }: Repository,
  environment: string,
  deployments: readonly Deployment[],
  order: readonly string[],
): Record<string, unknown> {
  const own = deployments.filter(one => one.environment === environment);
  const several = new Set(deployments.map(({ workflow }) => workflow)).size > 1;
  const key = `spec.environments[${environment}].deploy`;
  const [{ workflow }] = own;
  const stage: Record<string, unknown> = {};
  const take: TakeStageKey = (name, told, value) => {
    draft.accounts.imported(
      told.flatMap(({ leaves }) => leaves),
      `${key}.${name}`,
    );
    stage[name] = value;
  };
  if (several && workflows.includes(workflow)) {
    stage.workflow = workflow.name;
    const here = order.filter(name =>
      deployments.some(
        one => one.environment === name && one.workflow === workflow,
      ),
    );
    workflow.index
      .texts('name')
      .filter(({ value }) => value !== usualTitle(workflow, here))
      .forEach(told => take('title', [told], told.value));
  }
  const usual = (draft.get(['spec', 'pipeline', 'branches']) ?? [
    'main',
  ]) as string[];
  assembleRefs({ own, usual }, take);
  assembleSignedTags(workflow, stage, take);
  assembleKubernetes(own, take);
  assembleCompose(own, take);
  return Object.keys(stage).length > 0 ? { deploy: stage } : {};
}

/** What a workflow is called unless told otherwise, as the generator has it. */
function usualTitle(
  { name }: WorkflowView,
  environments: readonly string[],
): string {
  return name === workflowOf({}, {})
    ? USUAL_TITLE
    : `Deploy to ${environments.join(' and ')}`;
}

/** What comes here once it is pushed: what starts the workflow, or the part of it that the job lets pass. */
function assembleRefs(
  {
    own,
    usual,
  }: {
    own: readonly Deployment[];
    usual: readonly string[];
  },
  take: TakeStageKey,
): void {
  const [{ workflow, job }] = own;
  const pushed = {
    branches: workflow.index.texts('on', 'push', 'branches'),
    tags: workflow.index.texts('on', 'push', 'tags'),
  };
  const all: ConditionRefs = {
    branches: pushed.branches.map(({ value }) => value),
    tags: pushed.tags.map(({ value }) => value),
  };
  const part = partOf(job, startsOf(workflow.index), all);
  const condition = job.at('if');
  const of = part ?? all;
  for (const name of ['branches', 'tags'] as const) {
    const value = of[name];
    // Beside tags, branches have to be named to come by themselves.
    const isUsual =
      name === 'branches' && isSame(value, usual) && of.tags.length === 0;
    if (value.length > 0 && !isUsual) {
      take(
        name,
        part && condition
          ? [{ value, leaves: [condition] }, ...pushed[name]]
          : pushed[name],
        value,
      );
    }
  }
}

/**
 * Tags of all environments are looked at, unless the step names those that are. What goes back looks at them as well,
 * in the environment: that holds no release.
 */
function assembleSignedTags(
  { jobs }: WorkflowView,
  stage: Readonly<Record<string, unknown>>,
  take: TakeStageKey,
): void {
  const [step] = jobs
    .filter(job => job.under('environment').length === 0)
    .flatMap(job => stepsWith(job, 'verify-tag.sh'));
  const tags = (stage.tags ?? []) as string[];
  if (
    step?.script &&
    tags.length > 0 &&
    isForTags(String(step.at('if')?.value ?? ''), tags)
  ) {
    take('signedTags', [{ value: true, leaves: [step.script.leaf] }], true);
  }
}

function assembleKubernetes(
  own: readonly Deployment[],
  take: TakeStageKey,
): void {
  const clusters = own.flatMap(one => one.job.facts.all('cluster'));
  const kubeconfigs = own.flatMap(one => one.job.facts.all('kubeconfig'));
  const versions = own.flatMap(one => one.job.facts.all('kubectlVersion'));
  const manifests = own.flatMap(one => one.job.facts.all('manifests'));
  const regions = own.flatMap(one => one.job.facts.all('awsRegion'));
  const isCluster = clusters.length > 0 && regions.length > 0;
  if (!isCluster && kubeconfigs.length === 0) {
    return;
  }
  take(
    'kubernetes',
    [
      ...(isCluster ? [...clusters, ...regions] : kubeconfigs),
      ...versions,
      ...manifests,
    ],
    {
      ...(isCluster
        ? { cluster: { name: clusters[0].value, region: regions[0].value } }
        : { kubeconfig: { secret: kubeconfigs[0].value } }),
      ...(versions.length > 0 && { kubectl: versions[0].value }),
      ...(manifests.length > 0 && {
        manifests: manifests[0].value.trim().split(/\s+/),
      }),
    },
  );
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return [...left].sort().join('\n') === [...right].sort().join('\n');
}
