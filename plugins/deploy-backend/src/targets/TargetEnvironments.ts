import { NotAllowedError, NotFoundError } from '@backstage/errors';
import {
  ANNOTATION_SPEC,
  EnvironmentTier,
  ServiceEnvironmentSpec,
} from '@vvp/backstage-plugin-deploy-common';
import {
  DeployTarget,
  TargetEnvironment,
} from '@vvp/backstage-plugin-deploy-node';
import { Knex } from 'knex';
import { EnvironmentRow, ServiceRow } from '../store/rows';
import { TargetRegistry } from './TargetRegistry';
import { whyNotDriven } from './whyNotDriven';

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
  url?: string;
  currentDeploymentId?: string;
  definition?: ServiceEnvironmentSpec & { declaredFor?: string };
  /** Why its definition must not be driven, see {@link whyNotDriven}. */
  untrusted?: string;
}

/** An environment, and what drives its target. */
export interface DrivenEnvironment {
  target: DeployTarget;
  environment: TargetEnvironment;
}

/** Finds environments and what drives them. */
export class TargetEnvironments {
  readonly #knex: Knex;
  readonly #registry: TargetRegistry;

  constructor(options: { knex: Knex; registry: TargetRegistry }) {
    this.#knex = options.knex;
    this.#registry = options.registry;
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
    return row && toKnown(row);
  }

  /** Ids of those among some that have a target which can be driven from here. */
  async drivenAmong(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#joined()
      .whereIn('environments.id', [...ids])
      .whereNotNull('environments.definition');
    return new Set(
      rows
        .map(toKnown)
        .filter(known => this.isDriven(known))
        .map(({ id }) => id),
    );
  }

  /**
   * Throws a NotFoundError if deploy.yaml names no target or nothing here drives it, and an InputError if
   * its connection cannot work; both say what to do.
   */
  driven(known: KnownEnvironment): DrivenEnvironment {
    const spec = known.definition?.target;
    if (!spec) {
      throw new NotFoundError(
        `deploy.yaml names no target for ${known.entityRef} in ${known.name}. Add "target" to this environment of the service, so that the portal knows what to drive.`,
      );
    }
    if (known.untrusted) {
      throw new NotAllowedError(known.untrusted);
    }
    const target = this.#registry.get(spec);
    const environment: TargetEnvironment = {
      entityRef: known.entityRef,
      repository: known.repository,
      environment: known.name,
      tier: known.tier,
      ...(known.url && { url: known.url }),
      target: spec,
    };
    target.describe(environment);
    return { target, environment };
  }

  /** Whether {@link TargetEnvironments.driven} would not throw. */
  isDriven(known: KnownEnvironment): boolean {
    try {
      this.driven(known);
      return true;
    } catch {
      return false;
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

function toKnown(row: JoinedRow): KnownEnvironment {
  const definition = row.definition ? JSON.parse(row.definition) : undefined;
  const untrusted =
    definition &&
    whyNotDriven({
      entityRef: row.entity_ref,
      repository: row.repository,
      ...(row.spec_url && { specUrl: row.spec_url }),
      annotated: Boolean(JSON.parse(row.annotations)[ANNOTATION_SPEC]),
      declaredFor: definition.declaredFor,
    });
  return {
    id: row.id,
    serviceId: row.service_id,
    entityRef: row.entity_ref,
    serviceName: row.entity_ref.split('/').pop() ?? row.entity_ref,
    repository: row.repository,
    name: row.name,
    tier: row.tier,
    ...(row.url && { url: row.url }),
    ...(row.current_deployment_id && {
      currentDeploymentId: row.current_deployment_id,
    }),
    ...(definition && { definition }),
    ...(untrusted && { untrusted }),
  };
}
