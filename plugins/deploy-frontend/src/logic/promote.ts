import {
  CommitRange,
  EnvironmentOverview,
  PromotionClass,
  ReleaseSummary,
} from '@vvp/backstage-plugin-deploy-common';
import { countText } from './numbers';
import { reasonProblem } from './promotions';

/**
 * The environment that comes before another one; nothing before the first.
 *
 * @internal
 */
export function previousEnvironment(
  environments: readonly EnvironmentOverview[],
  name: string,
): EnvironmentOverview | undefined {
  const own = environments.find(each => each.name === name);
  return own === undefined
    ? undefined
    : environments
        .filter(({ order }) => order < own.order)
        .sort((left, right) => right.order - left.order)
        .at(0);
}

/**
 * The environment that comes after another one; nothing after the last.
 *
 * @internal
 */
export function nextEnvironment(
  environments: readonly EnvironmentOverview[],
  name: string,
): EnvironmentOverview | undefined {
  const own = environments.find(each => each.name === name);
  return own === undefined
    ? undefined
    : environments
        .filter(({ order }) => order > own.order)
        .sort((left, right) => left.order - right.order)
        .at(0);
}

/**
 * Id of the release that is obviously the next: the one that runs in the environment before and not here.
 *
 * @internal
 */
export function obviousRelease(
  releases: readonly ReleaseSummary[],
  environments: readonly EnvironmentOverview[],
  name: string,
): string | undefined {
  const before = previousEnvironment(environments, name)?.currentDeployment
    ?.release.commit;
  const here = environments.find(each => each.name === name)?.currentDeployment
    ?.release.commit;
  if (!before || before === here) {
    return undefined;
  }
  return releases.find(
    ({ commit, quarantine }) => commit === before && !quarantine,
  )?.id;
}

/**
 * The releases in which all words of a search are found: in version, commit, title or branch.
 *
 * @internal
 */
export function findReleases(
  releases: readonly ReleaseSummary[],
  search: string,
): ReleaseSummary[] {
  const words = search.toLocaleLowerCase('en-US').split(/\s+/).filter(Boolean);
  return releases.filter(({ version, commit, title, ref }) => {
    const text = [version, commit, title, ref]
      .join('\n')
      .toLocaleLowerCase('en-US');
    return words.every(word => text.includes(word));
  });
}

/**
 * Where a release works or was tried, in a few words.
 *
 * @internal
 */
export function placesText(
  release: Pick<ReleaseSummary, 'deployments'>,
): string {
  return release.deployments.length === 0
    ? 'deployed nowhere yet'
    : release.deployments
        .map(({ environment, status }) =>
          status === 'succeeded'
            ? environment
            : `${environment} (${status.replace('_', ' ')})`,
        )
        .join(', ');
}

/**
 * What comes in with a release, in a sentence.
 *
 * @internal
 */
export function incomingText(changes: CommitRange): string {
  const count = countText(changes.commits.length, 'commit');
  const one = changes.commits.length === 1;
  if (changes.state === 'unknown') {
    return `Which commits come in is not known. ${
      changes.message ?? ''
    }`.trim();
  }
  if (changes.direction === 'same') {
    return 'The same commit runs there: no code comes in.';
  }
  if (changes.state === 'unrelated') {
    return `The two releases have parted: neither comes from the other. ${count} since then ${
      one ? 'comes' : 'come'
    } in.`;
  }
  if (changes.direction === 'backward') {
    return `It is older than what runs there: ${count} would be taken out.`;
  }
  return changes.state === 'partial'
    ? `${count} ${
        one ? 'comes' : 'come'
      } in, and more that GitHub does not list.`
    : `${count} ${one ? 'comes' : 'come'} in.`;
}

/**
 * Whether what is filled in is enough to ask for a promotion, and what is missing. Conditions that are not
 * met do not matter here: the promotion waits for them.
 *
 * @internal
 */
export function promoteReady(form: {
  release: string | undefined;
  class: PromotionClass;
  reason: string;
}): { ready: true } | { ready: false; missing: string } {
  if (form.release === undefined) {
    return { ready: false, missing: 'Choose a release.' };
  }
  if (form.class === 'hotfix' && reasonProblem(form.reason)) {
    return {
      ready: false,
      missing: 'Still to fill in: why it is a hotfix.',
    };
  }
  return { ready: true };
}
