import { Container, Template } from '@azure/arm-appcontainers';
import { ContainerAppSpec } from './types';

/** The variable that VVP's pipeline sets to the commit. */
export const COMMIT_VARIABLE = 'GIT_SHA';

const FULL_SHA = /^[0-9a-f]{40}$/;

/** The release in a template. */
export interface TemplateRelease {
  commit?: string;
  version?: string;
  artifact?: string;
}

/** The container that holds the service: the one named in the spec, with its image, or of the app's name. */
export function mainContainer(
  template: Template | undefined,
  spec: ContainerAppSpec,
): Container | undefined {
  const containers = template?.containers ?? [];
  const image = spec.image;
  return (
    containers.find(({ name }) => name === spec.container) ??
    containers.find(
      container =>
        image !== undefined && repositoryOf(container.image ?? '') === image,
    ) ??
    containers.find(({ name }) => name === spec.name) ??
    containers[0]
  );
}

/** What a template says of the release in it: its variable, else the tag of its image. */
export function releaseOf(
  template: Template | undefined,
  spec: ContainerAppSpec,
): TemplateRelease {
  const container = mainContainer(template, spec);
  const image = container?.image;
  const variable = container?.env
    ?.find(({ name }) => name === COMMIT_VARIABLE)
    ?.value?.toLowerCase();
  const tag = image === undefined ? undefined : tagOf(image);
  const commit = [variable, tag].find(
    candidate => candidate !== undefined && FULL_SHA.test(candidate),
  );
  const version = tag !== undefined && !FULL_SHA.test(tag) ? tag : undefined;
  return {
    ...(commit !== undefined && { commit }),
    ...(version !== undefined && version !== 'latest' && { version }),
    ...(image !== undefined && { artifact: image }),
  };
}

/** `registry.example.test:5000/vvp/issuer:1.2@sha256:…` is `registry.example.test:5000/vvp/issuer`. */
export function repositoryOf(image: string): string {
  const [name] = image.split('@');
  const tag = tagOf(image);
  return tag === undefined ? name : name.slice(0, -tag.length - 1);
}

function tagOf(image: string): string | undefined {
  const [name] = image.split('@');
  return /:([^/:]+)$/.exec(name)?.[1];
}
