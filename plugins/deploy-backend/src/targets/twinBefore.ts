import { EnvironmentTier } from '@vvp/backstage-plugin-deploy-common';

/** An environment that drives something, among others that drive the same. */
export interface Twin {
  serviceId: string;
  entityRef: string;
  repository: string;
  /** Name of the environment. */
  name: string;
  /** Of one that is locked the stricter of now and when it was locked. */
  tier: EnvironmentTier;
  /** When it first named this target, ISO 8601. */
  since: string;
  /** It starts a workflow, which is not its `target`. */
  byWorkflow: boolean;
  /** It changes what runs; false for tests. */
  deploys: boolean;
  locked: boolean;
  /** It names something else by now, or nothing. */
  former: boolean;
  /** Its service left the catalog. */
  gone: boolean;
}

const strictness: Record<EnvironmentTier, number> = {
  production: 3,
  staging: 2,
  development: 1,
  preview: 0,
};

/** The one of two tiers that asks for more. */
export function stricterTier(
  left: EnvironmentTier,
  right: EnvironmentTier,
): EnvironmentTier {
  return strictness[left] >= strictness[right] ? left : right;
}

/**
 * The one that keeps an environment from being driven, among others on the same target; undefined if
 * none does. A lock in the same repository does, whatever the tiers: the target itself is meant, by those
 * who own it. Elsewhere a stricter tier goes first, so that nobody blocks production by naming its target;
 * in one tier what deploys before what tests, then the one that named it first, and if they came at once,
 * the one whose name sorts first.
 */
export function twinBefore(
  own: Twin,
  others: readonly Twin[],
): Twin | undefined {
  const holding = others.filter(
    ({ locked, serviceId, repository }) =>
      locked && (serviceId === own.serviceId || repository === own.repository),
  );
  const [first] = (holding.length > 0 ? holding : [own, ...others]).sort(
    byPrecedence,
  );
  return first === own ? undefined : first;
}

function byPrecedence(a: Twin, b: Twin): number {
  return (
    strictness[b.tier] - strictness[a.tier] ||
    Number(b.deploys) - Number(a.deploys) ||
    compare(a.since, b.since) ||
    compare(a.entityRef, b.entityRef) ||
    compare(a.name, b.name)
  );
}

/** Why an environment is not driven, for a caller who may not see the service of its twin. */
export function whyTwinGoesFirst(own: Twin, twin: Twin): string {
  const other =
    twin.serviceId === own.serviceId
      ? `The environment ${twin.name} of this service`
      : `Another service's environment of tier ${twin.tier}`;
  const thing = own.byWorkflow ? 'workflow' : 'target';
  // Where it goes first anyway, releasing the lock would not help.
  const isHeld = twin.former || twin.gone || byPrecedence(own, twin) < 0;
  if (twin.locked && isHeld) {
    const shared = twin.former
      ? `had the ${thing} of ${own.name} when it was`
      : `has the same ${thing} as ${own.name}`;
    return twin.gone
      ? `${other} is locked, and ${shared}; its entity left the catalog. Register that entity again, and release the lock first.`
      : `${other} is locked, and ${shared}. Release that lock first.`;
  }
  const remedy = own.byWorkflow
    ? `give the workflow of ${own.name} an input with a value of its own in deploy.yaml`
    : `give ${own.name} a target of its own in deploy.yaml`;
  return `${other} has the same ${thing} as ${own.name} and goes first, so that its locks and confirmations count. Operate that one, or ${remedy}.`;
}

function compare(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
