import { PipelineSpec, ServiceSpec } from '@vvp/backstage-plugin-deploy-common';
import { PlanProblem } from '../planModel';
import { Asked } from '../targets/TargetKind';

/** What lacks for a Container App: where its image is, and how it is built. */
export function containerAppProblems({
  spec,
  service,
  environment,
  target,
  path,
}: Asked<'azure-container-app'>): PlanProblem[] {
  return [
    ...(target.image || service.image?.repository
      ? []
      : [
          {
            path: [...path, 'target'],
            message: 'the target has no "image"',
            remedy:
              'Say where its images are pushed to, such as image: registry.example.test/shop.',
          },
        ]),
    ...(service.image
      ? []
      : [
          {
            path: ['spec', 'services', service.key],
            message: `there is no "image" for the Container App in ${environment.name}`,
            remedy:
              'Say how it is built, such as image: {dockerfile: Dockerfile}.',
          },
        ]),
    ...otherImages(spec, service, environment).map(other => ({
      path: [...path, 'jobs'],
      message: `one job deploys ${other} and ${service.key}, whose images have different repositories`,
      remedy:
        'Give each service a job of its own, or both the same image.repository.',
    })),
  ];
}

/** Services before this one that are legs of the same matrix, with an image of their own: legs have one image. */
function otherImages(
  { services }: PipelineSpec,
  service: ServiceSpec,
  environment: ServiceSpec['environments'][number],
): string[] {
  return services
    .slice(0, services.indexOf(service))
    .filter(
      other =>
        other.image?.repository !== service.image?.repository &&
        other.environments.some(
          ({ name, jobs }) =>
            name === environment.name &&
            jobs.some(({ workflow, job }) =>
              environment.jobs.some(
                own => own.workflow === workflow && own.job === job,
              ),
            ),
        ),
    )
    .map(({ key }) => key);
}
