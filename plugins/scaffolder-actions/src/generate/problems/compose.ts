import { registryOf } from '../images/registry';
import { composeOf, isComposed } from '../jobs/compose';
import { PlanProblem } from '../planModel';
import { workflowOf } from '../stages';
import { Asked } from '../targets/TargetKind';

/** What lacks for docker compose: the machine, one job for all, and images that it can fetch. */
export function composeProblems({
  spec,
  service,
  environment,
  target,
  path,
}: Asked<'github-workflow'>): PlanProblem[] {
  const { name } = environment;
  const compose = composeOf(spec, name);
  if (!compose || !isComposed(spec, name, service.key)) {
    return [
      {
        path: [...path, 'target'],
        message: `nothing says how ${service.key} gets to ${name}, other than ${target.workflow}`,
        remedy: `Describe it, such as deploy: {compose: {…, images: {IMAGE: ${service.key}}}} of the environment, or keep the workflow and remove "pipeline".`,
      },
    ];
  }
  const at = (message: string, remedy: string): PlanProblem => ({
    path: ['spec', 'services', service.key],
    message,
    remedy,
  });
  const { repository, tags = [] } = service.image ?? {};
  const file = workflowOf(
    spec.pipeline ?? {},
    spec.environments.find(one => one.name === name) ?? {},
  );
  const jobs = new Set(
    spec.services
      .filter(({ key }) => isComposed(spec, name, key))
      .flatMap(({ environments }) =>
        environments
          .filter(one => one.name === name)
          .map(one => one.jobs.find(({ workflow }) => workflow === file)?.job),
      ),
  );
  return [
    ...(repository && registryOf(repository).kind === 'github'
      ? []
      : [
          at(
            `there is no "image.repository" at ghcr.io, and ${service.key} goes to ${name} by docker compose`,
            'Add one, such as image: {dockerfile: Dockerfile, repository: ghcr.io/example-org/shop}: the machine fetches images by the token of the job.',
          ),
        ]),
    ...(target.releaseValue === 'version' && !tags.includes('version')
      ? [
          at(
            `no image of ${service.key} is called after its version, by which releases come back`,
            'Add version to image.tags, or use releaseValue: commit.',
          ),
        ]
      : []),
    ...(jobs.size > 1
      ? [
          {
            path: [...path, 'jobs'],
            message: `one job deploys all that docker compose runs in ${name}`,
            remedy: 'Name the same job for each of these services, or none.',
          },
        ]
      : []),
  ];
}
