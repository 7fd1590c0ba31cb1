import {
  drivenTargets,
  DrivenTarget,
  EnvironmentTier,
  targetDetails,
  targetIdentities,
  TargetSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { createHash } from 'crypto';
import { Knex } from 'knex';
import { DeclaredEnvironment } from '../mapping/defineService';
import { EnvironmentRow, ServiceRow } from '../store/rows';
import { originOf, SpecOrigin } from './whyNotDriven';

type Definition = NonNullable<DeclaredEnvironment['definition']>;

type Service = Pick<
  ServiceRow,
  'entity_ref' | 'repository' | 'spec_url' | 'annotations'
>;

/** What an environment drives, as it is kept. */
export interface Claim {
  target: TargetSpec;
  /** False for tests. */
  deploys: boolean;
  tier: EnvironmentTier;
  /** Address of the environment. */
  url?: string;
  origin: SpecOrigin;
}

/** What tells claims apart. */
export interface ClaimKey {
  identity: string;
  /** Its name, or empty. */
  connection: string;
  details: string;
}

/** A row of `environment_targets`. */
export interface ClaimRow extends ClaimKey {
  environment_id: string;
  /** {@link Claim}, JSON. */
  claim: string;
  since: string;
}

/** How many environments are filled in at a time. */
const BATCH = 200;

/** All that an environment claims; a workflow is one of its repository. */
export function claimsOf(
  definition: Pick<Definition, 'target' | 'workflows'> | undefined,
  repository: string,
): (ClaimKey & DrivenTarget)[] {
  const claims = new Map<string, ClaimKey & DrivenTarget>();
  for (const driven of drivenTargets(definition ?? {})) {
    const { target, deploys } = driven;
    const isWorkflow = target.type === 'github-workflow';
    const details = [...targetDetails(target)].sort(byName);
    for (const name of targetIdentities(target)) {
      const key = {
        identity: digest(isWorkflow ? [repository, name] : [name]),
        connection: ('connection' in target && target.connection) || '',
        details:
          deploys && details.length === 0 ? '' : digest([deploys, details]),
      };
      const text = keyText(key);
      // The target comes first: its fields say more than those of a call.
      claims.set(text, claims.get(text) ?? { ...key, ...driven });
    }
  }
  return [...claims.values()];
}

/** The same text for the same claim of an environment. */
export function keyText({ identity, connection, details }: ClaimKey): string {
  return JSON.stringify([identity, connection, details]);
}

/**
 * Keeps what an environment drives. While it is locked, what it drove before stays, as it was.
 *
 * @param service - whose environment it is
 */
export async function saveClaims(
  tx: Knex,
  environment: {
    id: string;
    tier: EnvironmentTier;
    url?: string;
    definition?: Definition;
  },
  service: Service,
  options: { now: Date; isLocked: boolean },
): Promise<void> {
  const { id, tier, url, definition } = environment;
  const claims = claimsOf(definition, service.repository);
  const wanted = new Set(claims.map(keyText));
  const stored = await tx<ClaimRow>('environment_targets').where({
    environment_id: id,
  });
  for (const row of options.isLocked ? [] : stored) {
    if (!wanted.has(keyText(row))) {
      const { identity, connection, details } = row;
      await tx<ClaimRow>('environment_targets')
        .where({ environment_id: id, identity, connection, details })
        .delete();
    }
  }
  for (const { identity, connection, details, target, deploys } of claims) {
    const claim: Claim = {
      target,
      deploys,
      tier,
      ...(url && { url }),
      origin: originOf(service, definition?.declaredFor),
    };
    const insert = tx<ClaimRow>('environment_targets')
      .insert({
        environment_id: id,
        identity,
        connection,
        details,
        claim: JSON.stringify(claim),
        since: options.now.toISOString(),
      })
      .onConflict(['environment_id', 'identity', 'connection', 'details']);
    // It stays known for as long as it has been.
    await (options.isLocked ? insert.ignore() : insert.merge(['claim']));
  }
}

/** For environments that were declared before claims were kept, or by an older backend. */
export async function fillClaims(knex: Knex, now: Date): Promise<void> {
  let after = '';
  for (;;) {
    const rows: (EnvironmentRow & Service)[] = await knex('environments')
      .join('services', 'services.id', 'environments.service_id')
      .whereNotExists(
        knex('environment_targets')
          .select(knex.raw('1'))
          .whereRaw('environment_targets.environment_id = environments.id'),
      )
      .andWhere(query => {
        query
          .where('environments.definition', 'like', '%"target":{%')
          .orWhere('environments.definition', 'like', '%"workflows":{%');
      })
      .andWhere('environments.id', '>', after)
      .orderBy('environments.id')
      .limit(BATCH)
      .select(
        'environments.*',
        'services.entity_ref',
        'services.repository',
        'services.spec_url',
        'services.annotations',
      );
    for (const row of rows) {
      const { id, tier, url, definition } = row;
      await saveClaims(
        knex,
        {
          id,
          tier,
          ...(url && { url }),
          definition: JSON.parse(definition ?? '{}'),
        },
        row,
        { now, isLocked: true },
      );
    }
    after = rows.at(-1)?.id ?? '';
    if (rows.length < BATCH) {
      return;
    }
  }
}

function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

function byName([left]: [string, string], [right]: [string, string]): number {
  return left < right ? -1 : 1;
}
