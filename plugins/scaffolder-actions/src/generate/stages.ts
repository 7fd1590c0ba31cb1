import {
  EnvironmentSpec,
  GeneratedPipelineSpec,
  PipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { together } from './jobs/refs';
import { Group, PipelinePlan, Reach, Refs, Stage, Unit } from './planModel';

/** The name of the workflow that deploys, where none is given. */
export const USUAL_TITLE = 'Build and Deploy';

/** The file name of the workflow that brings releases to an environment. */
export function workflowOf(
  { workflow = 'deploy.yml' }: GeneratedPipelineSpec,
  { stage }: Pick<EnvironmentSpec, 'stage'>,
): string {
  return stage?.workflow ?? workflow;
}

/** What gets to an environment. By hand also the branches of the pipeline, unless the environment names its own. */
export function reachOf(
  pipeline: GeneratedPipelineSpec,
  environment: Pick<EnvironmentSpec, 'stage'>,
): Reach {
  const refs = refsOf(pipeline, environment);
  const { branches = ['main'] } = pipeline;
  return {
    refs,
    allowed: environment.stage?.branches
      ? refs
      : { ...refs, branches: [...new Set([...refs.branches, ...branches])] },
    signedTags: environment.stage?.signedTags ? refs.tags : [],
  };
}

/** What is deployed to an environment once it is pushed. */
function refsOf(
  { branches = ['main'] }: GeneratedPipelineSpec,
  { stage = {} }: Pick<EnvironmentSpec, 'stage'>,
): Refs {
  const { tags = [] } = stage;
  return {
    branches: [...(stage.branches ?? (tags.length > 0 ? [] : branches))],
    tags: [...tags],
  };
}

/** The workflows that deploy, each with its environments. */
export function stagesOf(
  spec: PipelineSpec,
  pipeline: GeneratedPipelineSpec,
): Stage[] {
  const byFile = new Map<string, EnvironmentSpec[]>();
  for (const environment of spec.environments) {
    const file = workflowOf(pipeline, environment);
    byFile.set(file, [...(byFile.get(file) ?? []), environment]);
  }
  return [...byFile].map(([workflow, environments]): Stage => {
    const isMain = workflow === workflowOf(pipeline, {});
    const title = environments.map(({ stage }) => stage?.title).find(Boolean);
    return {
      workflow,
      title:
        title ??
        (isMain
          ? pipeline.title ?? USUAL_TITLE
          : `Deploy to ${environments.map(({ name }) => name).join(' and ')}`),
      environments: environments.map(({ name }) => name),
      ...together(environments.map(one => reachOf(pipeline, one))),
      pullRequests: isMain && (pipeline.pullRequests ?? false),
      ...(isMain && pipeline.after && { after: titleOfAfter(spec, pipeline) }),
    };
  });
}

/** GitHub knows a workflow that another one waits for by its name only. */
function titleOfAfter(
  { tests = {} }: PipelineSpec,
  { after }: GeneratedPipelineSpec,
): string {
  const file = after?.workflow ?? '';
  return (
    after?.title ??
    Object.values(tests)
      .filter(({ workflow }) => workflow === file)
      .map(({ title }) => title)
      .find(Boolean) ??
    file.replace(/\.ya?ml$/, '')
  );
}

/** The part of a plan that one workflow does. */
export function planOfStage(plan: PipelinePlan, stage: Stage): PipelinePlan {
  if (plan.stages.length === 1) {
    return { ...plan, stage };
  }
  const groups = plan.groups.filter(
    ({ workflow }) => workflow === stage.workflow,
  );
  return {
    ...plan,
    stage,
    groups,
    units: plan.units.filter(unit => countsFor(unit, groups)),
  };
}

/** Whether a unit is deployed there, or its tests count for one that is. */
function countsFor(unit: Unit, groups: readonly Group[]): boolean {
  const keys = unit.services.map(({ key }) => key);
  return groups.some(
    ({ key, placements }) =>
      key === unit.key ||
      placements.some(({ service }) =>
        service.testedBy?.some(other => keys.includes(other)),
      ),
  );
}

/** The part of a plan that a group belongs to. */
export function stageOf(plan: PipelinePlan, { workflow }: Group): Stage {
  return plan.stages.find(one => one.workflow === workflow) ?? plan.stage;
}

/** Whether only what changed is deployed; otherwise all of it is. */
export function isDetecting({ refs, after }: Stage): boolean {
  return after === undefined && refs.branches.length > 0;
}
