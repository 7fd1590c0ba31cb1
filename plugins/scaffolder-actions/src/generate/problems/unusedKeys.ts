import {
  EnvironmentSpec,
  PipelineSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { registryOf } from '../images/registry';
import { PlanProblem } from '../planModel';

/**
 * What `spec` says of the pipeline as a whole, or of an environment, and no service needs so far. It may be there for
 * one that is still to come, so nothing is refused.
 */
export function unusedKeys(spec: PipelineSpec): PlanProblem[] {
  const { pipeline } = spec;
  return pipeline
    ? [
        ...unusedReports(spec),
        ...unusedRoles(spec),
        ...unusedStorage(spec),
        ...unusedImages(spec),
        ...spec.environments.flatMap((environment, index) =>
          unusedCluster(spec, environment, index),
        ),
      ]
    : [];
}

function note(path: readonly string[], message: string, remedy: string) {
  return [{ path: ['spec', ...path], message, remedy }];
}

function unusedReports({ pipeline = {} }: PipelineSpec): PlanProblem[] {
  return pipeline.audience !== undefined && pipeline.portal === undefined
    ? note(
        ['pipeline', 'audience'],
        'nothing is reported, so that no token has this audience',
        'Add "portal", or remove it.',
      )
    : [];
}

function unusedRoles(spec: PipelineSpec): PlanProblem[] {
  const { aws = {}, terraform, safetyLevel } = spec.pipeline ?? {};
  const at = (
    role: keyof typeof aws,
    isUsed: boolean,
    message: string,
    remedy: string,
  ) =>
    aws[role] === undefined || isUsed
      ? []
      : note(['pipeline', 'aws', role], message, remedy);
  const types = targetsOf(spec).map(({ type }) => type);
  const toEks =
    types.includes('kubernetes') &&
    spec.environments.some(({ stage }) => stage?.kubernetes?.cluster);
  const toEcr = spec.services.some(
    ({ image }) =>
      image?.repository && registryOf(image.repository).kind === 'ecr',
  );
  return [
    ...at(
      'deployRole',
      types.includes('ecs') || toEks,
      'no service goes to ECS or to a cluster of Amazon EKS, so that no job takes this role',
      'Remove it, or add a target there.',
    ),
    ...at(
      'buildRole',
      toEcr,
      'no job takes this role: it pushes images whose "image.repository" is at Amazon ECR; those of a target\'s "repository" are pushed by the role that deploys',
      'Remove it, or give the image such a repository of its own.',
    ),
    ...at(
      'planRole',
      terraform !== undefined,
      'there is no "terraform" that this role could plan',
      'Remove it, or add "terraform".',
    ),
    ...at(
      'passRoles',
      types.includes('ecs'),
      'no service goes to ECS, whose tasks have roles',
      'Remove it, or add a target there.',
    ),
    ...(terraform && safetyLevel === undefined
      ? note(
          ['pipeline', 'terraform'],
          'nothing looks at Terraform without a "safetyLevel"',
          'Add safetyLevel: 5, or remove it: from level 3 on, pull requests have it checked.',
        )
      : []),
  ];
}

function unusedStorage(spec: PipelineSpec): PlanProblem[] {
  const isUsed = targetsOf(spec).some(
    target => target.type === 'azure-vm' && target.release,
  );
  return spec.pipeline?.storage && !isUsed
    ? note(
        ['pipeline', 'storage'],
        'no service has releases on a machine that this storage would hand over',
        'Remove it, or add a target azure-vm with a "release".',
      )
    : [];
}

function unusedImages(spec: PipelineSpec): PlanProblem[] {
  const { cleanup, safetyLevel } = spec.pipeline ?? {};
  const isAtGithub = spec.services.some(
    ({ image }) =>
      image?.repository && registryOf(image.repository).kind === 'github',
  );
  const unbuilt = spec.services.filter(
    ({ image, environments }) =>
      image &&
      !image.repository &&
      safetyLevel === undefined &&
      environments.every(({ target }) => target?.type === 'azure-vm'),
  );
  return [
    ...(cleanup?.keep !== undefined && !isAtGithub
      ? note(
          ['pipeline', 'cleanup', 'keep'],
          'only images at ghcr.io are deleted, and there are none, so that nothing has to be spared',
          'Remove it, or push images there (image.repository).',
        )
      : []),
    ...unbuilt.flatMap(({ key }) =>
      note(
        ['services', key, 'image'],
        `nothing builds the image of ${key}, which goes to machines`,
        'Remove it, or add a target that runs images.',
      ),
    ),
  ];
}

function unusedCluster(
  { services }: PipelineSpec,
  { name, stage }: EnvironmentSpec,
  index: number,
): PlanProblem[] {
  const isUsed = services.some(({ environments }) =>
    environments.some(
      one => one.name === name && one.target?.type === 'kubernetes',
    ),
  );
  return stage?.kubernetes && !isUsed
    ? note(
        ['environments', String(index), 'deploy', 'kubernetes'],
        `no service goes to Kubernetes in ${name}`,
        'Remove it, or add a target kubernetes there.',
      )
    : [];
}

function targetsOf({ services }: PipelineSpec) {
  return services.flatMap(({ environments }) =>
    environments.flatMap(({ target }) => target ?? []),
  );
}
