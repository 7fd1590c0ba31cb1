import { imagesOf } from './images/images';
import { nameIn, Registry, registryOf } from './images/registry';
import { PipelinePlan } from './planModel';

/** A statement of a policy that allows something. */
export function allow(
  id: string,
  actions: readonly string[],
  resource: string | readonly string[],
) {
  return { Sid: id, Effect: 'Allow', Action: actions, Resource: resource };
}

/** The part of AWS that a region lies in. */
export function partitionIn(region: string): string {
  if (region.startsWith('cn-')) {
    return 'aws-cn';
  }
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

export function logInToTheRegistry() {
  return allow('LogInToTheRegistry', ['ecr:GetAuthorizationToken'], '*');
}

export function pushImages(resource: string | readonly string[]) {
  return allow(
    'PushImages',
    [
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:CompleteLayerUpload',
      'ecr:DescribeImages',
      'ecr:GetDownloadUrlForLayer',
      'ecr:InitiateLayerUpload',
      'ecr:PutImage',
      'ecr:UploadLayerPart',
    ],
    resource,
  );
}

/** Pushes to the repositories of the images, and does nothing else. */
export function buildStatements(plan: PipelinePlan): object[] {
  const resources = [...new Set(ecrRepositories(plan).map(repositoryArn))];
  return [
    logInToTheRegistry(),
    pushImages(resources.length === 1 ? resources[0] : resources),
  ];
}

export interface EcrRepository {
  repository: string;
  registry: Extract<Registry, { kind: 'ecr' }>;
}

/** The images' own repositories at Amazon ECR. */
export function ecrRepositories({ spec }: PipelinePlan): EcrRepository[] {
  return spec.services.flatMap(({ image }) => {
    const repository = image?.repository ?? '';
    const registry = registryOf(repository);
    return registry.kind === 'ecr' ? [{ repository, registry }] : [];
  });
}

export function repositoryArn({ repository, registry }: EcrRepository): string {
  const { account, region } = registry;
  const partition = partitionIn(region);
  return `arn:${partition}:ecr:${region}:${account}:repository/${nameIn(
    repository,
  )}`;
}

/** Jobs that build images with a repository of their own, as workflow and key. */
export function imageBuilders({ groups }: PipelinePlan): Set<string> {
  return new Set(
    groups.flatMap(group =>
      imagesOf(group).map(({ job }) => `${group.workflow} ${job}`),
    ),
  );
}
