import { PipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { PipelinePlan, planPipeline } from '../../generate/plan';
import { PlanProblem } from '../../generate/planModel';
import { isSaid } from '../../generate/jobs/refs';
import { clashesOf } from '../../generate/workflows';
import { targetKind } from '../../generate/targets';

/** Trust names the repository, and workflows do not. */
const ANY_REPOSITORY = 'example-org/repository';

/** The plan of a spec, or what stands in the way of its workflows. */
export function planOf(
  spec: PipelineSpec,
): { plan: PipelinePlan } | { problems: PlanProblem[] } {
  const planned = planPipeline({
    ...spec,
    repository: spec.repository ?? ANY_REPOSITORY,
  });
  if ('problems' in planned) {
    return planned;
  }
  const problems = clashesOf(planned.plan);
  return problems.length > 0 ? { problems } : planned;
}

/**
 * The same with targets of which nothing is missing, for what does not depend on them: which jobs there are going to be,
 * what they wait for and when they run. What stays with a workflow that is there has jobs in it as well.
 */
export function withStandIns(spec: PipelineSpec): PipelineSpec {
  return {
    ...spec,
    ...(spec.pipeline && {
      pipeline: { ...spec.pipeline, ...sayable(spec.pipeline) },
    }),
    environments: spec.environments.map(environment => ({
      ...environment,
      ...(environment.stage && {
        stage: { ...environment.stage, ...sayable(environment.stage) },
      }),
    })),
    services: spec.services.map(service => ({
      ...service,
      image: { dockerfile: 'Dockerfile' },
      environments: service.environments.map(placed => {
        const { target } = placed;
        const covers =
          target?.type === 'github-workflow'
            ? targetKind(target.type)?.covers
            : undefined;
        return covers?.(spec, placed.name, service.key)
          ? placed
          : {
              ...placed,
              target: {
                type: 'azure-container-app' as const,
                resourceGroup: 'stand-in',
                name: 'stand-in',
                image: 'registry.example.test/stand-in',
              },
            };
      }),
    })),
  };
}

/** Branches and tags without those that no expression says exactly: nothing is generated for these. */
function sayable(refs: { branches?: string[]; tags?: string[] }): {
  branches?: string[];
  tags?: string[];
} {
  const { branches, tags } = refs;
  return {
    ...(branches && { branches: branches.filter(isSaid) }),
    ...(tags && { tags: tags.filter(isSaid) }),
  };
}
