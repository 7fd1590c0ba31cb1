import { LoggerService } from '@backstage/backend-plugin-api';
import { assertError, NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  EnvironmentOverview,
  EnvironmentTier,
  ServiceEnvironmentSpec,
} from '@vvp/backstage-plugin-deploy-common';
import {
  DeployTarget,
  TargetEnvironment,
} from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { EnvironmentRow, ServiceRow } from '../store/rows';
import { checkedTarget } from './checkedTarget';
import { TargetRegistry } from './TargetRegistry';
import { TargetTwins, TwinPair } from './TargetTwins';
import { whyTwinGoesFirst } from './twinBefore';
import { originOf, whyNotDriven } from './whyNotDriven';

type JoinedRow = EnvironmentRow &
  Pick<ServiceRow, 'entity_ref' | 'repository' | 'spec_url' | 'annotations'>;

/** An environment of a service with its part of deploy.yaml. */
export interface KnownEnvironment {
  id: string;
  serviceId: string;
  entityRef: string;
  /** Last part of its entity ref. */
  serviceName: string;
  repository: string;
  name: string;
  tier: EnvironmentTier;
  /** Whether the last run that went in asked the portal first. */
  enforced: boolean;
  /** Whether it waited for a reviewer at GitHub first. */
  reviewed: boolean;
  url?: string;
  currentDeploymentId?: string;
  definition?: ServiceEnvironmentSpec & { declaredFor?: string };
  /** Why its definition must not be driven, see {@link whyNotDriven} and {@link whyTwinGoesFirst}. */
  untrusted?: string;
  /** The environment on the same target that is driven instead. Callers may not be allowed to see it. */
  twin?: TwinPair['before'];
}

/** Whether an environment's target can be driven from here, and if not, why. */
export type TargetStanding = Pick<
  EnvironmentOverview,
  'operable' | 'inoperable'
>;

/** An environment, and what drives its target. */
export interface DrivenEnvironment {
  target: DeployTarget;
  environment: TargetEnvironment;
}

/** Finds environments and what drives them. */
export class TargetEnvironments {
  readonly #knex: Knex;
  readonly #registry: TargetRegistry;
  readonly #logger: LoggerService;
  readonly #twins: TargetTwins;

  constructor(options: {
    knex: Knex;
    registry: TargetRegistry;
    logger: LoggerService;
  }) {
    this.#knex = options.knex;
    this.#registry = options.registry;
    this.#logger = options.logger;
    this.#twins = new TargetTwins({
      knex: options.knex,
      placeOf: environment => this.#placeOf(environment),
    });
  }

  /** Undefined for one that is not there, or whose service left the catalog. */
  async find(
    where: { id: string } | { entityRef: string; name: string },
  ): Promise<KnownEnvironment | undefined> {
    const query = this.#joined().limit(1);
    const [row] = await ('id' in where
      ? query.andWhere('environments.id', where.id)
      : query.andWhere({
          'services.entity_ref': where.entityRef,
          'environments.name': where.name,
        }));
    return row && (await this.#withTwins([toKnown(row)]))[0];
  }

  /** Which of those that deploy.yaml describes can be driven from here, and why the others cannot; by id. */
  async standingOf(
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, TargetStanding>> {
    const rows = await this.#joined()
      .whereIn('environments.id', [...ids])
      .whereNotNull('environments.definition');
    const found = await this.#withTwins(rows.map(toKnown));
    return new Map(
      found.map(known => {
        const refusal = this.#refusalOf(known);
        return [
          known.id,
          refusal === undefined ? { operable: true } : { inoperable: refusal },
        ];
      }),
    );
  }

  /**
   * Throws a NotFoundError if deploy.yaml names no target or nothing here drives it, a NotAllowedError if
   * it must not be driven, and an InputError if its connection cannot work; all say what to do.
   */
  driven(known: KnownEnvironment): DrivenEnvironment {
    const { twin } = known;
    if (twin) {
      this.#logger.warn(
        'An environment is not driven: another one on its target goes first',
        {
          entityRef: known.entityRef,
          environment: known.name,
          firstEntityRef: twin.entityRef,
          firstEnvironment: twin.name,
        },
      );
    }
    return this.#open(known);
  }

  /** Whether {@link TargetEnvironments.driven} would not throw. */
  isDriven(known: KnownEnvironment): boolean {
    return this.#refusalOf(known) === undefined;
  }

  /** What {@link TargetEnvironments.driven} would throw, in words. */
  #refusalOf(known: KnownEnvironment): string | undefined {
    try {
      this.#open(known);
      return undefined;
    } catch (error) {
      assertError(error);
      return error.message;
    }
  }

  #open(known: KnownEnvironment): DrivenEnvironment {
    const environment = environmentOf(known);
    if (!environment) {
      throw new NotFoundError(
        `deploy.yaml names no target for ${known.entityRef} in ${known.name}. Add "target" to this environment of the service, so that the portal knows what to drive.`,
      );
    }
    if (known.untrusted) {
      throw new NotAllowedError(known.untrusted);
    }
    const target = checkedTarget(
      this.#registry.get(environment.target),
      this.#logger,
    );
    target.describe(environment);
    return { target, environment };
  }

  async #withTwins(
    found: readonly KnownEnvironment[],
  ): Promise<KnownEnvironment[]> {
    const pairs = await this.#twins.before(
      found.filter(({ untrusted }) => untrusted === undefined),
    );
    return found.map(known => {
      const pair = pairs.get(known.id);
      return pair
        ? {
            ...known,
            untrusted: whyTwinGoesFirst(pair.own, pair.before),
            twin: pair.before,
          }
        : known;
    });
  }

  /** Two connections may lead to one place, and one name of a connection to two. */
  #placeOf(environment: TargetEnvironment): string | undefined {
    try {
      const { lockKey } = this.#registry
        .get(environment.target)
        .describe(environment);
      return lockKey.toLocaleLowerCase('en-US');
    } catch {
      return undefined;
    }
  }

  #joined(): Knex.QueryBuilder<{}, JoinedRow[]> {
    return this.#knex('environments')
      .join('services', 'services.id', 'environments.service_id')
      .whereNull('services.removed_at')
      .select<JoinedRow[]>(
        'environments.*',
        'services.entity_ref',
        'services.repository',
        'services.spec_url',
        'services.annotations',
      );
  }
}

/** Undefined without a target. */
function environmentOf(known: KnownEnvironment): TargetEnvironment | undefined {
  const target = known.definition?.target;
  return (
    target && {
      entityRef: known.entityRef,
      repository: known.repository,
      environment: known.name,
      tier: known.tier,
      ...(known.url && { url: known.url }),
      target,
    }
  );
}

function toKnown(row: JoinedRow): KnownEnvironment {
  const definition = row.definition ? JSON.parse(row.definition) : undefined;
  const untrusted =
    definition && whyNotDriven(originOf(row, definition.declaredFor));
  return {
    id: row.id,
    serviceId: row.service_id,
    entityRef: row.entity_ref,
    serviceName: row.entity_ref.split('/').pop() ?? row.entity_ref,
    repository: row.repository,
    name: row.name,
    tier: row.tier,
    enforced: Boolean(row.enforced),
    reviewed: Boolean(row.reviewed),
    ...(row.url && { url: row.url }),
    ...(row.current_deployment_id && {
      currentDeploymentId: row.current_deployment_id,
    }),
    ...(definition && { definition }),
    ...(untrusted && { untrusted }),
  };
}
