import {
  EnvironmentTier,
  FreezeScope,
} from '@vvp/backstage-plugin-deploy-common';

/** An environment, as far as freezes go. Entity refs are lower case. */
export interface FreezePlace {
  tier: EnvironmentTier;
  /** Others that it may be of: that of its name, and those before deploy.yaml changed. */
  otherTiers?: readonly EnvironmentTier[];
  environment: string;
  /** Entity ref of the service's system. */
  system?: string;
  /** Entity ref of the service. */
  entityRef: string;
}

/** Whether a scope is about an environment: all that it names must hold. */
export function concerns(scope: FreezeScope, place: FreezePlace): boolean {
  return (
    [place.tier, ...(place.otherTiers ?? [])].some(tier =>
      holds(scope.tiers, tier),
    ) &&
    holds(scope.environments, place.environment) &&
    holds(scope.systems, place.system) &&
    holds(scope.services, place.entityRef)
  );
}

function holds(
  names: readonly string[] | undefined,
  name: string | undefined,
): boolean {
  return (
    names === undefined ||
    names.length === 0 ||
    (name !== undefined && names.includes(name))
  );
}
