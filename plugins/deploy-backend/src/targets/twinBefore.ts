import { EnvironmentTier } from '@vvp/backstage-plugin-deploy-common';

/** An environment that names a target, among others that name the same. */
export interface Twin {
  serviceId: string;
  entityRef: string;
  /** Name of the environment. */
  name: string;
  tier: EnvironmentTier;
  /** When it first named this target, ISO 8601. */
  since: string;
  /** It is locked, and names another target or none by now. */
  former: boolean;
}

const strictness: Record<EnvironmentTier, number> = {
  production: 3,
  staging: 2,
  development: 1,
  preview: 0,
};

/**
 * The one that keeps an environment from being driven, among others on the same target; undefined if
 * it goes first itself. A stricter tier goes first, so that nobody blocks production by naming its target
 * elsewhere; in one tier the one that named it first, and if they came at once, the one whose name sorts
 * first. A lock in the same service counts whatever the tiers: its owners set it.
 */
export function twinBefore(
  own: Twin,
  others: readonly Twin[],
): Twin | undefined {
  const isOwnLock = ({ former, serviceId }: Twin) =>
    Number(former && serviceId === own.serviceId);
  const [first] = [own, ...others].sort(
    (a, b) =>
      isOwnLock(b) - isOwnLock(a) ||
      strictness[b.tier] - strictness[a.tier] ||
      compare(a.since, b.since) ||
      compare(a.entityRef, b.entityRef) ||
      compare(a.name, b.name),
  );
  return first === own ? undefined : first;
}

/** Why an environment is not driven, for a caller who may not see the service of its twin. */
export function whyTwinGoesFirst(own: Twin, twin: Twin): string {
  const other =
    twin.serviceId === own.serviceId
      ? `The environment ${twin.name} of this service`
      : `Another service's environment of tier ${twin.tier}`;
  return twin.former
    ? `${other} is locked, and had the target of ${own.name} when it was. Release that lock first.`
    : `${other} has the same target as ${own.name} and goes first, so that its locks and confirmations count. Operate that one, or give ${own.name} a target of its own in deploy.yaml.`;
}

function compare(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
