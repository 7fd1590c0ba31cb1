import { ContainerDefinition, TaskDefinition } from '@aws-sdk/client-ecs';
import { Revision } from '@vvp/backstage-plugin-deploy-common';
import { DescribedTaskDefinition } from './EcsApi';
import { taskDefinitionOf } from './names';

const commit = /^(?:sha-|git-|commit-)?([0-9a-f]{40})$/;
const version = /^v?\d+\.\d+(\.\d+)?([-+.][0-9A-Za-z.+-]{1,64})?$/;
const commitKeys = new Set([
  'commit',
  'commit_sha',
  'git-commit',
  'git-sha',
  'git_commit',
  'git_sha',
  'github_sha',
  'org.opencontainers.image.revision',
]);
const versionKeys = new Set([
  'app_version',
  'org.opencontainers.image.version',
  'version',
]);

/** What a task definition tells as a revision of an environment. */
export function revisionOf(
  described: DescribedTaskDefinition,
  options: { container?: string; serving?: string },
): Revision | undefined {
  const { taskDefinition } = described;
  const id = taskDefinitionOf(taskDefinition.taskDefinitionArn);
  if (!id) {
    return undefined;
  }
  const container = mainContainer(taskDefinition, options.container);
  const hints = hintsOf(described, container);
  return {
    id,
    current: id === options.serving,
    commit: commitOf(container?.image, hints),
    version: versionOf(container?.image, hints),
    artifact: container?.image,
    createdAt: taskDefinition.registeredAt?.toISOString(),
    unavailable:
      unavailableReason(taskDefinition) ??
      (isUnverified(described) && id !== options.serving
        ? 'It was never found good: the run that brought it ended, or went back. Deploy its commit instead.'
        : undefined),
  };
}

/** Images of all containers, each once: a task needs every one of them to come up. */
export function imagesOf(taskDefinition: TaskDefinition): string[] {
  const containers = taskDefinition.containerDefinitions ?? [];
  return [...new Set(containers.flatMap(({ image }) => image ?? []))];
}

/** The container that a release is in: the one named, else the first essential one. */
export function mainContainer(
  taskDefinition: TaskDefinition,
  name?: string,
): ContainerDefinition | undefined {
  const containers = taskDefinition.containerDefinitions ?? [];
  return (
    containers.find(each => name !== undefined && each.name === name) ??
    containers.find(each => each.essential !== false) ??
    containers[0]
  );
}

/** Why a task definition cannot be put back; `undefined` if it can. */
export function unavailableReason(
  taskDefinition: TaskDefinition,
): string | undefined {
  switch (taskDefinition.status) {
    case 'ACTIVE':
      return undefined;
    case 'INACTIVE':
      return 'The task definition has been deregistered. Register one with the same content, and deploy that.';
    default:
      return 'The task definition is being deleted.';
  }
}

/** Whether a pipeline registered it, and has not found it good: it takes this tag off then. */
export function isUnverified({ tags }: DescribedTaskDefinition): boolean {
  return tags.some(({ key }) => key === 'deploy-unverified');
}

interface Hint {
  key: string;
  value: string;
}

/** Tags of the task definition, then labels and variables of the container; never more than these. */
function hintsOf(
  { tags }: DescribedTaskDefinition,
  container: ContainerDefinition | undefined,
): Hint[] {
  return [
    ...tags.map(tag => ({ key: tag.key, value: tag.value })),
    ...Object.entries(container?.dockerLabels ?? {}).map(([key, value]) => ({
      key,
      value,
    })),
    ...(container?.environment ?? []).map(pair => ({
      key: pair.name,
      value: pair.value,
    })),
  ].flatMap(({ key, value }) =>
    key && value ? [{ key: key.toLowerCase(), value }] : [],
  );
}

function commitOf(
  image: string | undefined,
  hints: readonly Hint[],
): string | undefined {
  const values = [
    tagOf(image),
    ...hints.filter(hint => commitKeys.has(hint.key)).map(hint => hint.value),
  ];
  return values
    .map(value => commit.exec(value?.toLowerCase() ?? '')?.[1])
    .find(found => found !== undefined);
}

function versionOf(
  image: string | undefined,
  hints: readonly Hint[],
): string | undefined {
  const values = [
    ...hints.filter(hint => versionKeys.has(hint.key)).map(hint => hint.value),
    tagOf(image),
  ];
  return values.find(value => value !== undefined && version.test(value));
}

/** Tag of `registry:5000/name:tag@sha256:...`. */
function tagOf(image: string | undefined): string | undefined {
  const name = image?.split('@')[0];
  return name && /:([^:/]+)$/.exec(name)?.[1];
}
