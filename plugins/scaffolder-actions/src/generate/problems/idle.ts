import { PipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { Group, PipelineSettings, PlanProblem, Unit } from '../planModel';

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
