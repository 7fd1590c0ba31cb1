import { PipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import {
  Group,
  PipelinePlan,
  PipelineSettings,
  PlanProblem,
  Unit,
} from '../planModel';
import { planOfStage } from '../stages';

/** What a spec describes and no workflow would do: nobody would see that it lacks. */
export function idleProblems(
  spec: PipelineSpec,
  { safetyLevel, hasChecks }: PipelineSettings,
  groups: readonly Group[],
  units: readonly Unit[],
): PlanProblem[] {
  if (hasChecks) {
    return [];
  }
  if (safetyLevel >= 4 && groups.length === 0) {
    return [
      {
        path: ['spec', 'services'],
        message: 'no service has a target, so nothing would be deployed',
        remedy:
          'Add a target to an environment of a service, or pipeline.safetyLevel: 1, with which pull requests are tested and nothing is deployed.',
      },
    ];
  }
  const run = units.flatMap(({ services }) => services.map(({ key }) => key));
  return spec.services
    .filter(({ key, test }) => test && !run.includes(key))
    .map(({ key }) => ({
      path: ['spec', 'services', key, 'test'],
      message: `nothing would run the tests of ${key}, which no generated job deploys`,
      remedy:
        'Add a target, remove "test", or add pipeline.safetyLevel, with which pull requests test all services.',
    }));
}

/** Workflows that somebody asks for and that would do nothing. */
export function stageProblems(plan: PipelinePlan): PlanProblem[] {
  return plan.settings.safetyLevel < 4
    ? []
    : [...emptyWorkflows(plan), ...untestedPullRequests(plan)];
}

/** GitHub refuses a workflow without jobs, and the other environments of one do not need it to be named. */
function emptyWorkflows(plan: PipelinePlan): PlanProblem[] {
  const empty = plan.stages
    .filter(stage => planOfStage(plan, stage).units.length === 0)
    .map(({ workflow }) => workflow);
  return plan.spec.environments.flatMap(({ name, stage }, index) =>
    stage?.workflow !== undefined && empty.includes(stage.workflow)
      ? [
          {
            path: ['spec', 'environments', String(index), 'deploy', 'workflow'],
            message: `nothing is deployed to ${name}, and ${stage.workflow} would be empty`,
            remedy: `Remove "workflow", or add ${name} with a target to a service.`,
          },
        ]
      : [],
  );
}

/** Only the workflow of the pipeline tests pull requests, and of the services only its own. */
function untestedPullRequests(plan: PipelinePlan): PlanProblem[] {
  const { settings, stages, units } = plan;
  const main = stages.find(({ pullRequests }) => pullRequests);
  const tested = main ? planOfStage(plan, main).units : [];
  const others = units
    .filter(unit => unit.tests.length > 0 && !tested.includes(unit))
    .flatMap(({ services }) => services.map(({ key }) => key));
  return settings.pullRequests && (tested.length === 0 || others.length > 0)
    ? [
        {
          path: ['spec', 'pipeline', 'pullRequests'],
          message: `pull requests are tested by ${settings.workflow}, which ${
            tested.length > 0
              ? `does not deploy ${others.join(', ')}`
              : 'deploys nothing'
          }`,
          remedy:
            'Remove "pullRequests", and add pipeline.safetyLevel, with which pull requests test all services, or spec.tests with on: [pull-request].',
        },
      ]
    : [];
}
