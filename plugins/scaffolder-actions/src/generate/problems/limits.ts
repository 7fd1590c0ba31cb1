import { MOST_MINUTES } from '../jobs/limits';
import { neededMinutes } from '../jobs/deployMinutes';
import { PipelinePlan, PlanProblem } from '../planModel';
import { targetKind } from '../targets';

/** Deployments that may take longer than their job can: cut short, what does not work would stay. */
export function limitProblems(
  plan: Pick<PipelinePlan, 'spec' | 'groups'>,
): PlanProblem[] {
  return plan.groups.flatMap(group =>
    group.placements.flatMap(placement => {
      const { service, environment, target } = placement;
      const { loginMinutes = MOST_MINUTES } = targetKind(target.type) ?? {};
      const needed = neededMinutes(plan, group, placement);
      return needed <= loginMinutes
        ? []
        : [
            {
              path: [
                'spec',
                'services',
                service.key,
                'environments',
                environment.name,
                'verify',
              ],
              message: `a deployment of ${
                service.key
              } and its way back may take ${needed} minutes, and ${
                loginMinutes < MOST_MINUTES
                  ? `a login to Azure is good for ${loginMinutes}`
                  : `GitHub ends jobs after ${loginMinutes}`
              }`,
              remedy:
                'Look less often, or wait less: fewer "attempts" or "seconds" of verify (each counts twice), a shorter "watch", "canary" or "healthSeconds", or the image in a job of its own (image.repository).',
            },
          ];
    }),
  );
}
