import { PipelineSpec, ServiceSpec } from '@vvp/backstage-plugin-deploy-common';
import { registryOf } from '../images/registry';
import { PlanProblem } from '../planModel';
import { workflowOf } from '../stages';

/** What lacks for an image with a repository of its own. */
export function imageProblems(
  { pipeline = {}, environments }: PipelineSpec,
  { key, image, environments: placed }: ServiceSpec,
): PlanProblem[] {
  if (!image?.repository) {
    return [];
  }
  const path = ['spec', 'services', key, 'image'];
  const files = placed.map(({ name }) =>
    workflowOf(pipeline, environments.find(one => one.name === name) ?? {}),
  );
  const shared = files.find((file, index) => files.indexOf(file) < index);
  return [
    ...(registryOf(image.repository).kind === 'ecr' && !pipeline.aws?.buildRole
      ? [
          {
            path: ['spec', 'pipeline'],
            message: `there is no "aws.buildRole", and the image of ${key} is pushed to Amazon ECR`,
            remedy:
              'Name the role that pushes images and deploys nothing, such as aws: {buildRole: {variable: AWS_BUILD_ROLE}}.',
          },
        ]
      : []),
    ...(image.tags?.includes('environment') && shared
      ? [
          {
            path: [...path, 'tags'],
            message: `${shared} goes to several environments, and the image cannot be called after one of them`,
            remedy:
              'Remove the tag "environment", or give the environments workflows of their own.',
          },
        ]
      : []),
  ];
}
