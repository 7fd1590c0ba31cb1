import { ArtifactState } from '@vvp/backstage-plugin-deploy-common';

/**
 * The parts of an image's name.
 *
 * @public
 */
export interface ImageReference {
  /** Host, with its port if there is one; lower case. */
  registry: string;
  repository: string;
  /** At least one of `tag` and `digest` is there; the digest counts. */
  tag?: string;
  /** Such as `sha256:` and 64 hexadecimal digits. */
  digest?: string;
}

const LONGEST = 600;
const HOST = /^[a-z0-9.-]+(:\d{1,5})?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^sha(256:[0-9a-f]{64}|512:[0-9a-f]{128})$/;

/**
 * Takes `registry.example.test/vvp/issuer:1.2@sha256:…` apart by the grammar of the OCI distribution's
 * references. `undefined` for what is no such name, and for one that names no registry. Without tag and
 * digest the tag is `latest`.
 *
 * @public
 */
export function parseImage(image: string): ImageReference | undefined {
  if (image.length > LONGEST) {
    return undefined;
  }
  const [name, digest, ...more] = image.split('@');
  const slash = name.indexOf('/');
  const registry = name.slice(0, Math.max(slash, 0)).toLowerCase();
  const [repository, tag, ...others] = name.slice(slash + 1).split(':');
  const fits =
    more.length + others.length === 0 &&
    HOST.test(registry) &&
    // Else it is the first part of a repository at Docker's own registry.
    /[.:]|^localhost$/.test(registry) &&
    repository.split('/').every(part => COMPONENT.test(part)) &&
    (tag === undefined || TAG.test(tag)) &&
    (digest === undefined || DIGEST.test(digest));
  if (!fits) {
    return undefined;
  }
  return {
    registry,
    repository,
    ...((tag !== undefined || digest === undefined) && {
      tag: tag ?? 'latest',
    }),
    ...(digest !== undefined && { digest }),
  };
}

/**
 * What is known of several images together: one that is missing decides, then one that is not known.
 *
 * @public
 */
export function joinArtifactStates(
  states: readonly ArtifactState[],
): ArtifactState {
  const find = (state: ArtifactState['state']) =>
    states.find(each => each.state === state);
  return (
    find('missing') ??
    find('unknown') ??
    states[0] ?? { state: 'unknown', message: 'The revision names no image.' }
  );
}
