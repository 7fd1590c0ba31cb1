import {
  mayBeSameTarget,
  TargetSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { TargetEnvironment } from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { DeclaredEnvironment } from '../mapping/defineService';
import { EnvironmentRow, ServiceRow } from '../store/rows';
import { stricterTier, Twin, twinBefore } from './twinBefore';
import { Claim, ClaimRow, claimsOf, keyText } from './twinClaims';
import { originOf, SpecOrigin, whyNotDriven } from './whyNotDriven';

type TwinRow = ClaimRow &
  Pick<EnvironmentRow, 'service_id' | 'name' | 'tier' | 'url' | 'definition'> &
  Pick<
    ServiceRow,
    'entity_ref' | 'repository' | 'spec_url' | 'annotations' | 'removed_at'
  > & {
    lock_id?: string | null;
    lock_expires_at?: string | null;
  };

type OwnClaim = ReturnType<typeof claimsOf>[number];

/** An environment that may be driven as far as its own deploy.yaml goes. */
export interface Claimant
  extends Omit<TargetEnvironment, 'target' | 'environment'> {
  id: string;
  serviceId: string;
  name: string;
  definition?: DeclaredEnvironment['definition'];
}

/** An environment, and the one on the same target that goes before it. */
export interface TwinPair {
  own: Twin;
  before: Twin;
}

/** Finds environments on one target, whatever service or file they stand in. */
export class TargetTwins {
  readonly #knex: Knex;
  readonly #placeOf: (environment: TargetEnvironment) => string | undefined;
  readonly #now: () => Date;

  constructor(options: {
    knex: Knex;
    /** Where the connection of a target leads to; undefined if it cannot work. */
    placeOf: (environment: TargetEnvironment) => string | undefined;
    now?: () => Date;
  }) {
    this.#knex = options.knex;
    this.#placeOf = options.placeOf;
    this.#now = options.now ?? (() => new Date());
  }

  /** By id of those environments that are kept from being driven. */
  async before(
    claimants: readonly Claimant[],
  ): Promise<ReadonlyMap<string, TwinPair>> {
    const claims = new Map(
      claimants.map(({ id, definition, repository }) => [
        id,
        claimsOf(definition, repository),
      ]),
    );
    const rows = await this.#rows([...claims.values()].flat());
    const pairs = new Map<string, TwinPair>();
    for (const claimant of claimants) {
      for (const claim of claims.get(claimant.id) ?? []) {
        const pair = this.#pairOf(
          claimant,
          claim,
          rows.get(claim.identity) ?? [],
        );
        if (pair) {
          pairs.set(claimant.id, pair);
          break;
        }
      }
    }
    return pairs;
  }

  #pairOf(
    claimant: Claimant,
    claim: OwnClaim,
    rows: readonly TwinRow[],
  ): TwinPair | undefined {
    const since = rows.find(
      row =>
        row.environment_id === claimant.id && keyText(row) === keyText(claim),
    )?.since;
    if (since === undefined) {
      return undefined;
    }
    const { serviceId, entityRef, repository, name, tier } = claimant;
    const own: Twin = {
      ...{ serviceId, entityRef, repository, name, tier, since },
      byWorkflow: claim.path[0] !== 'target',
      deploys: claim.deploys,
      locked: false,
      former: false,
      gone: false,
    };
    const before = twinBefore(
      own,
      rows
        .filter(row => row.environment_id !== claimant.id)
        .flatMap(row => this.#toTwin(row, claimant, claim) ?? []),
    );
    return before && { own, before };
  }

  /**
   * Undefined for one that drives something else, that could not be driven anyway, or that leads elsewhere.
   * One that is locked counts as it was then, too: neither its file nor its entity lifts the lock.
   */
  #toTwin(row: TwinRow, claimant: Claimant, own: OwnClaim): Twin | undefined {
    const claim: Claim = JSON.parse(row.claim);
    if (
      // Tests may be shared.
      (!own.deploys && !claim.deploys) ||
      !mayBeSameTarget(own.target, claim.target)
    ) {
      return undefined;
    }
    const locked = Boolean(
      row.lock_id &&
        (!row.lock_expires_at ||
          row.lock_expires_at > this.#now().toISOString()),
    );
    const current = claimsOf(
      row.definition ? JSON.parse(row.definition) : undefined,
      row.repository,
    ).find(one => keyText(one) === keyText(row));
    if ((!current || row.removed_at) && !locked) {
      return undefined;
    }
    const origin = [
      ...(locked ? [claim.origin] : []),
      originOf(row, claim.origin.declaredFor),
    ].find(
      one =>
        whyNotDriven(one) === undefined &&
        this.#areInOnePlace(claimant, own.target, row, claim, one),
    );
    return (
      origin && {
        serviceId: row.service_id,
        entityRef: row.entity_ref,
        repository: origin.repository,
        name: row.name,
        tier: locked ? stricterTier(row.tier, claim.tier) : row.tier,
        since: row.since,
        byWorkflow: current
          ? current.path[0] !== 'target'
          : own.path[0] !== 'target',
        deploys: claim.deploys,
        locked,
        former: current === undefined,
        gone: Boolean(row.removed_at),
      }
    );
  }

  #areInOnePlace(
    { name, entityRef, repository, tier, url }: Claimant,
    target: TargetSpec,
    row: TwinRow,
    claim: Claim,
    origin: SpecOrigin,
  ): boolean {
    if (target.type === 'github-workflow') {
      // Its repository is part of the identity.
      return true;
    }
    const place = this.#placeOf({
      ...{ entityRef, repository, environment: name, tier, target },
      ...(url && { url }),
    });
    return (
      place !== undefined &&
      place ===
        this.#placeOf({
          entityRef: origin.entityRef,
          repository: origin.repository,
          environment: row.name,
          tier: row.tier,
          ...(row.url && { url: row.url }),
          target: claim.target,
        })
    );
  }

  /** What is claimed by anybody, by its identity. */
  async #rows(
    claims: readonly Pick<OwnClaim, 'identity'>[],
  ): Promise<ReadonlyMap<string, TwinRow[]>> {
    const identities = [...new Set(claims.map(({ identity }) => identity))];
    const found = new Map<string, TwinRow[]>();
    if (identities.length === 0) {
      return found;
    }
    const rows = await this.#knex('environment_targets')
      .join(
        'environments',
        'environments.id',
        'environment_targets.environment_id',
      )
      .join('services', 'services.id', 'environments.service_id')
      .leftJoin('locks', join =>
        join
          .on('locks.environment_id', 'environments.id')
          .andOnNull('locks.released_at'),
      )
      .whereIn('environment_targets.identity', identities)
      .andWhere(query => {
        query.whereNull('services.removed_at').orWhereNotNull('locks.id');
      })
      .select<TwinRow[]>(
        'environment_targets.*',
        'environments.service_id',
        'environments.name',
        'environments.tier',
        'environments.url',
        'environments.definition',
        'services.entity_ref',
        'services.repository',
        'services.spec_url',
        'services.annotations',
        'services.removed_at',
        'locks.id as lock_id',
        'locks.expires_at as lock_expires_at',
      );
    for (const row of rows) {
      const same = found.get(row.identity) ?? [];
      found.set(row.identity, same);
      same.push(row);
    }
    return found;
  }
}
