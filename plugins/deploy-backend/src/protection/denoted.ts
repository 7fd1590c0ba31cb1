import { EnvironmentTier } from '@vvp/backstage-plugin-deploy-common';
import { withoutKey } from '../mapping/mapDeployment';

/** A service at one of its environments. */
export interface Place {
  serviceId: string;
  /** What the service is called in its repository: by its entity, by `deploy.yaml`. */
  serviceKeys: readonly string[];
  environmentId: string;
  /** Name of the environment, ours. */
  environment: string;
  tier: EnvironmentTier;
}

/** What an environment of GitHub's stands for, by its name alone. */
export interface Denoted<T> {
  /** Named after the service and its environment: `production-verifier`. */
  own: T[];
  /** Named after the environment: `production`. */
  plain: T[];
}

/** The declared places of a repository that the name of an environment of GitHub's stands for. */
export function denotedBy<T extends Place>(
  environment: string,
  places: readonly T[],
): Denoted<T> {
  return {
    own: places.filter(place => isOwnName(environment, place)),
    plain: places.filter(place => isSame(environment, place.environment)),
  };
}

/** Whether an environment of GitHub's is called as this place, plainly or with the service. */
export function isNameOf(
  environment: string,
  place: Pick<Place, 'serviceKeys' | 'environment'>,
): boolean {
  return (
    isSame(environment, place.environment) || isOwnName(environment, place)
  );
}

function isOwnName(
  environment: string,
  place: Pick<Place, 'serviceKeys' | 'environment'>,
): boolean {
  return place.serviceKeys.some(key =>
    isSame(
      withoutKey(environment.toLowerCase(), key.toLowerCase()) ?? '',
      place.environment,
    ),
  );
}

/** GitHub ignores the case of environments' names. */
export function isSame(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

const strictness: Record<EnvironmentTier, number> = {
  preview: 0,
  development: 1,
  staging: 2,
  production: 3,
};

/** Whether a place asks for less than another one. */
export function isLaxer(
  left: Pick<Place, 'tier'>,
  right: Pick<Place, 'tier'>,
): boolean {
  return strictness[left.tier] < strictness[right.tier];
}
