import { PipelinePlan, Stage } from '../planModel';

/**
 * Who may have signed an image, as a regular expression of the certificates' identity: the workflows that build it, as
 * they are on the branches and tags that they run for
 * (https://docs.sigstore.dev/certificate_authority/oidc-in-fulcio/#github).
 */
export function identityOf(
  { spec, stages, settings }: PipelinePlan,
  repository: string,
): string {
  const places = spec.services
    .filter(({ image }) => image?.repository === repository)
    .flatMap(({ environments }) => environments.map(({ name }) => name));
  // All workflows, and not this one alone: an image that one built is not built again by the next. Whoever may push to a
  // branch of a lesser one gains nothing by it: the signature has to be of the very commit that is deployed.
  const builders = stages
    .filter(({ environments }) =>
      environments.some(name => places.includes(name)),
    )
    .map(builderOf);
  return `^https://github\\.com/${escape(
    settings.repository,
  )}/\\.github/workflows/${oneOf(builders)}$`;
}

/**
 * The commit that a signature has to be for. A run that another workflow started is one of the newest commit of the
 * default branch, and so is its signature: the image's own word counts then, which only named branches may sign.
 */
export function signedFor(
  { after, allowed }: Stage,
  commit: string,
): Record<string, string> {
  const isNamed = [...allowed.branches, ...allowed.tags].every(
    one => !one.includes('*'),
  );
  return { COMMIT: commit, ...(after && isNamed && { COMMIT_BY: 'label' }) };
}

/** A workflow, and the branches and tags that it may run for. */
function builderOf({ workflow, allowed }: Stage): string {
  return `${escape(workflow)}@refs/${oneOf([
    ...allowed.branches.map(branch => `heads/${globOf(branch)}`),
    ...allowed.tags.map(tag => `tags/${globOf(tag)}`),
  ])}`;
}

function oneOf(alternatives: readonly string[]): string {
  const each = [...new Set(alternatives)];
  return each.length === 1 ? each[0] : `(${each.join('|')})`;
}

/** GitHub's globs of branches and tags: one star stays within a part, two do not. */
function globOf(pattern: string): string {
  return escape(pattern)
    .replace(/\\\*\\\*/g, '.*')
    .replace(/\\\*/g, '[^/]*');
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
