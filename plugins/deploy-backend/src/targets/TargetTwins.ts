import { TargetSpec } from '@vvp/backstage-plugin-deploy-common';
import { TargetEnvironment } from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { EnvironmentRow, ServiceRow } from '../store/rows';
import { Twin, twinBefore } from './twinBefore';
import { Claim, ClaimRow, connectionOf, identitiesOf } from './twinClaims';
import { originOf, whyNotDriven } from './whyNotDriven';

type TwinRow = Pick<
  EnvironmentRow,
  'service_id' | 'name' | 'tier' | 'url' | 'definition'
> &
  Pick<ServiceRow, 'entity_ref' | 'repository' | 'spec_url' | 'annotations'> &
  Pick<ClaimRow, 'identity' | 'connection' | 'claim' | 'since'> & {
    own_id: string;
    own_connection: string;
    own_since: string;
    lock_id?: string | null;
    lock_expires_at?: string | null;
  };

/** An environment with a target that may be driven as far as its own deploy.yaml goes. */
export interface Claimant {
  id: string;
  serviceId: string;
  environment: TargetEnvironment;
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

  /** By id of those environments that are not the first on their target. */
  async before(
    claimants: readonly Claimant[],
  ): Promise<ReadonlyMap<string, TwinPair>> {
    const rows = await this.#rows(claimants.map(({ id }) => id));
    const pairs = new Map<string, TwinPair>();
    for (const claimant of rows.length > 0 ? claimants : []) {
      const pair = this.#pairOf(
        claimant,
        rows.filter(row => row.own_id === claimant.id),
      );
      if (pair) {
        pairs.set(claimant.id, pair);
      }
    }
    return pairs;
  }

  #pairOf(
    { serviceId, environment }: Claimant,
    rows: readonly TwinRow[],
  ): TwinPair | undefined {
    const { target } = environment;
    const place = this.#placeOf(environment);
    for (const identity of identitiesOf(target)) {
      const named = rows.filter(
        row =>
          row.identity === identity &&
          row.own_connection === connectionOf(target),
      );
      if (named.length === 0) {
        continue;
      }
      const own: Twin = {
        serviceId,
        entityRef: environment.entityRef,
        name: environment.environment,
        tier: environment.tier,
        since: named[0].own_since,
        former: false,
      };
      const before = twinBefore(
        own,
        named.flatMap(row => this.#toTwin(row, place) ?? []),
      );
      if (before) {
        return { own, before };
      }
    }
    return undefined;
  }

  /** Undefined for one that could not be driven anyway, or that has another connection. */
  #toTwin(row: TwinRow, place: string | undefined): Twin | undefined {
    const { target, declaredFor }: Claim = JSON.parse(row.claim);
    const named: TargetSpec | undefined =
      row.definition && JSON.parse(row.definition).target;
    const former =
      !named ||
      !identitiesOf(named).includes(row.identity) ||
      connectionOf(named) !== row.connection;
    const isLocked =
      row.lock_id &&
      (!row.lock_expires_at || row.lock_expires_at > this.#now().toISOString());
    const untrusted = whyNotDriven(originOf(row, declaredFor));
    if ((former && !isLocked) || untrusted) {
      return undefined;
    }
    const twinPlace = this.#placeOf({
      entityRef: row.entity_ref,
      repository: row.repository,
      environment: row.name,
      tier: row.tier,
      ...(row.url && { url: row.url }),
      target,
    });
    return twinPlace === undefined || twinPlace !== place
      ? undefined
      : {
          serviceId: row.service_id,
          entityRef: row.entity_ref,
          name: row.name,
          tier: row.tier,
          since: row.since,
          former,
        };
  }

  async #rows(ids: readonly string[]): Promise<TwinRow[]> {
    return this.#knex('environment_targets as own')
      .join('environment_targets as other', join =>
        join
          .on('other.identity', 'own.identity')
          .andOn('other.environment_id', '<>', 'own.environment_id'),
      )
      .join('environments', 'environments.id', 'other.environment_id')
      .join('services', 'services.id', 'environments.service_id')
      .leftJoin('locks', join =>
        join
          .on('locks.environment_id', 'environments.id')
          .andOnNull('locks.released_at'),
      )
      .whereIn('own.environment_id', [...ids])
      .whereNull('services.removed_at')
      .select<TwinRow[]>(
        'own.environment_id as own_id',
        'own.connection as own_connection',
        'own.since as own_since',
        'other.identity',
        'other.connection',
        'other.claim',
        'other.since',
        'environments.service_id',
        'environments.name',
        'environments.tier',
        'environments.url',
        'environments.definition',
        'services.entity_ref',
        'services.repository',
        'services.spec_url',
        'services.annotations',
        'locks.id as lock_id',
        'locks.expires_at as lock_expires_at',
      );
  }
}
