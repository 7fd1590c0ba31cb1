import { PlanProblem } from '../planModel';
import { Asked } from '../targets/TargetKind';

/** What lacks for a service of ECS: what its role may change, its image, and the role itself. */
export function ecsProblems({
  spec,
  service,
  environment,
  target,
  path,
}: Asked<'ecs'>): PlanProblem[] {
  const missing = (
    ['repository', 'taskDefinition', 'container'] as const
  ).filter(
    key => !target[key] && !(key === 'repository' && service.image?.repository),
  );
  return [
    ...missing.map(key => ({
      path: [...path, 'target'],
      message: `the target has no "${key}"`,
      remedy: `Name it, such as ${key}: ${service.key}: the role that deploys may change nothing else.`,
    })),
    ...(service.image
      ? []
      : [
          {
            path: ['spec', 'services', service.key],
            message: `there is no "image" for the service of ECS in ${environment.name}`,
            remedy:
              'Say how it is built, such as image: {dockerfile: Dockerfile}.',
          },
        ]),
    ...(spec.pipeline?.aws?.deployRole
      ? []
      : [
          {
            path: ['spec', 'pipeline'],
            message: `there is no "aws.deployRole", and ${service.key} goes to ECS`,
            remedy:
              'Name the role to deploy with, such as aws: {deployRole: {variable: AWS_DEPLOY_ROLE}}.',
          },
        ]),
  ];
}
