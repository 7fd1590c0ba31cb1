import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  EnvironmentTier,
  Freeze,
  FreezeInForce,
  Page,
} from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { Visibility } from '../permissions/Authorizer';
import { decodeCursor, encodeCursor } from '../reading/cursor';
import { guessTier } from '../mapping/guessTier';
import { PolicyDemand } from '../promotions/policy/policyDemand';
import { EnvironmentRow, ServiceRow } from '../store/rows';
import { checkFreeze } from './checkFreeze';
import { concerns, FreezePlace } from './concerns';
import { FreezeStore } from './FreezeStore';
import { inForce, nextEdge, withWindows } from './freezesInForce';
import { concernsVisible, withoutUnseen } from './visibleFreezes';

/** Freezes of people and of app-config. Nothing is cached: what one replica sets, all see at once. */
export class Freezes {
  readonly #knex: Knex;
  readonly #store: FreezeStore;
  readonly #configured: readonly Freeze[];

  constructor(options: { knex: Knex; configured?: readonly Freeze[] }) {
    this.#knex = options.knex;
    this.#store = new FreezeStore(options.knex);
    this.#configured = options.configured ?? [];
  }

  /** The freezes that stop places at a moment, by id of the environment; those that are open are left out. */
  async activeFor(
    places: readonly (FreezePlace & { id: string })[],
    at: Date,
  ): Promise<Map<string, FreezeInForce[]>> {
    if (places.length === 0) {
      return new Map();
    }
    const freezes = await this.#all(at);
    // Many places have the same freezes, whose windows are worked out once.
    const known = new Map<string, FreezeInForce[]>();
    return new Map(
      places.flatMap(place => {
        const concerned = freezes.filter(({ scope }) => concerns(scope, place));
        const key = concerned.map(({ id }) => id).join();
        const active = known.get(key) ?? inForce(concerned, at);
        known.set(key, active);
        return active.length > 0 ? [[place.id, active] as const] : [];
      }),
    );
  }

  /** The same for environments whose ids alone are known. */
  async activeIn(
    environmentIds: readonly string[],
    at: Date,
  ): Promise<Map<string, FreezeInForce[]>> {
    if (environmentIds.length === 0) {
      return new Map();
    }
    const rows = await this.#knex('environments')
      .join('services', 'services.id', 'environments.service_id')
      .leftJoin(
        'policies_in_force',
        'policies_in_force.environment_id',
        'environments.id',
      )
      .whereIn('environments.id', [...environmentIds])
      .select<
        (Pick<EnvironmentRow, 'id' | 'tier' | 'name'> &
          Pick<ServiceRow, 'system' | 'entity_ref'> & {
            demands?: string | null;
          })[]
      >(
        'environments.id',
        'environments.tier',
        'environments.name',
        'services.system',
        'services.entity_ref',
        'policies_in_force.demands',
      );
    return this.activeFor(
      rows.map(row => ({
        id: row.id,
        tier: row.tier,
        otherTiers: otherTiers(row),
        environment: row.name,
        ...(row.system && { system: row.system }),
        entityRef: row.entity_ref,
      })),
      at,
    );
  }

  /**
   * The next moment at which any freeze begins or ends. Somebody may set another one before that, on
   * another replica: whoever sleeps until then looks in between.
   */
  async edges(after: Date): Promise<Date | undefined> {
    return nextEdge(await this.#all(after), after);
  }

  /** Throws an InputError that names the member, if it is not one that can be relied on. */
  async set(freeze: unknown, by: string, now: Date): Promise<Freeze> {
    const set = await this.#store.set(checkFreeze(freeze, now), by, now);
    return withWindows(set, now);
  }

  /** Throws a NotFoundError if there is none to end, and a ConflictError if app-config sets it. */
  async end(id: string, by: string, now: Date): Promise<void> {
    if (this.#configured.some(freeze => freeze.id === id)) {
      throw new ConflictError(
        'This freeze stands in the configuration of the portal. Remove it from deploy.freezes.',
      );
    }
    if (!(await this.#store.end(id, by, now))) {
      throw new NotFoundError(`There is no freeze ${id}, or it is over.`);
    }
  }

  /** Those in force or to come that the caller may see: newest first, those of app-config last. */
  async list(
    options: { limit: number; cursor?: string },
    visibility: Visibility,
    now: Date,
  ): Promise<Page<Freeze>> {
    const wanted = options.limit + 1;
    const [kind, createdAt, id] = options.cursor
      ? decodeCursor(options.cursor, 3)
      : [];
    const stored =
      kind === 'configured'
        ? []
        : await this.#store.list(
            {
              limit: wanted,
              ...(options.cursor && { after: { createdAt, id } }),
            },
            visibility,
            now,
          );
    const configured =
      stored.length < wanted
        ? await this.#configuredFor(
            visibility,
            kind === 'configured' ? id : '',
            now,
          )
        : [];
    const found = [...stored, ...configured];
    const page = found.slice(0, options.limit);
    const last = page.at(-1);
    const shown = await withoutUnseen(this.#knex, page, visibility);
    return {
      items: shown.map(freeze => withWindows(freeze, now)),
      ...(found.length > options.limit &&
        last && {
          nextCursor: encodeCursor([
            this.#configured.includes(last) ? 'configured' : 'stored',
            last.createdAt,
            last.id,
          ]),
        }),
    };
  }

  async #configuredFor(
    visibility: Visibility,
    after: string,
    now: Date,
  ): Promise<Freeze[]> {
    const seen: Freeze[] = [];
    for (const freeze of this.#configured) {
      const { current, next } = withWindows(freeze, now);
      if (
        freeze.id > after &&
        (current || next) &&
        (await concernsVisible(this.#knex, freeze.scope, visibility))
      ) {
        seen.push(freeze);
      }
    }
    return seen.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async #all(at: Date): Promise<Freeze[]> {
    return [...this.#configured, ...(await this.#store.candidates(at))];
  }
}

/** Whoever declares another tier in the push that brings a release does not walk around a freeze. */
function otherTiers({
  name,
  demands,
}: {
  name: string;
  demands?: string | null;
}): EnvironmentTier[] {
  const known: PolicyDemand[] = demands ? JSON.parse(demands) : [];
  return [guessTier(name), ...known.map(({ tier }) => tier)];
}
