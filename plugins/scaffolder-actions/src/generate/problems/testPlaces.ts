import { groupsBehind } from '../jobs/testPlaces';
import { PipelinePlan, PlanProblem } from '../planModel';
import { planOfStage } from '../stages';

/** Tests that a deployment cannot wait for: where they look, nothing of what they are about would have come before. */
export function testPlaceProblems(plan: PipelinePlan): PlanProblem[] {
  if (plan.settings.safetyLevel < 4) {
    return [];
  }
  return Object.entries(plan.spec.tests ?? {}).flatMap(([key, tests]) =>
    (tests.before ?? []).flatMap((environment, index) => {
      const waits = plan.stages.some(
        stage =>
          groupsBehind(planOfStage(plan, stage), {
            ...tests,
            before: [environment],
          }).length > 0,
      );
      return tests.in === undefined || waits
        ? []
        : [
            {
              path: ['spec', 'tests', key, 'before', String(index)],
              message: `${environment} cannot wait for the tests "${key}" in ${tests.in}: nothing that they are about comes there first, by the same workflow`,
              remedy: `Let them be "in" an earlier environment of the same workflow, remove "in", or have them run "after" what comes to ${tests.in}.`,
            },
          ];
    }),
  );
}
