import {
  targetIdentities,
  TargetSpec,
} from '@vvp/backstage-plugin-deploy-common';
import { createHash } from 'crypto';
import { Knex } from 'knex';
import { DeclaredEnvironment } from '../mapping/defineService';
import { EnvironmentRow } from '../store/rows';

type Definition = NonNullable<DeclaredEnvironment['definition']>;

/** What an environment names as its target, as it is kept. */
export type Claim = { target: TargetSpec } & Pick<Definition, 'declaredFor'>;

/** A row of `environment_targets`. */
export interface ClaimRow {
  environment_id: string;
  identity: string;
  /** Its name, or empty. */
  connection: string;
  /** {@link Claim}, JSON. */
  claim: string;
  since: string;
}

/** How many environments are filled in at a time. */
const BATCH = 200;

/** {@link targetIdentities}, short enough for an index. */
export function identitiesOf(target: TargetSpec): string[] {
  return targetIdentities(target).map(identity =>
    createHash('sha256').update(identity).digest('hex'),
  );
}

/** Name of the connection, or empty. */
export function connectionOf(target: TargetSpec): string {
  return ('connection' in target && target.connection) || '';
}

/**
 * Keeps what an environment names as its target.
 *
 * @param options - `keepsFormer`: what it named before stays, too
 */
export async function saveClaims(
  tx: Knex,
  environmentId: string,
  definition: Definition | undefined,
  options: { now: Date; keepsFormer: boolean },
): Promise<void> {
  const target = definition?.target;
  const identities = target ? identitiesOf(target) : [];
  const connection = target ? connectionOf(target) : '';
  if (!options.keepsFormer) {
    await tx<ClaimRow>('environment_targets')
      .where({ environment_id: environmentId })
      .andWhere(query => {
        query
          .whereNotIn('identity', identities)
          .orWhere('connection', '<>', connection);
      })
      .delete();
  }
  if (!target) {
    return;
  }
  const claim: Claim = {
    target,
    ...(definition.declaredFor && { declaredFor: definition.declaredFor }),
  };
  for (const identity of identities) {
    await tx<ClaimRow>('environment_targets')
      .insert({
        environment_id: environmentId,
        identity,
        connection,
        claim: JSON.stringify(claim),
        since: options.now.toISOString(),
      })
      .onConflict(['environment_id', 'identity', 'connection'])
      // It stays known for as long as it has been.
      .merge(['claim']);
  }
}

/** For environments that were declared before claims were kept, or by an older backend. */
export async function fillClaims(knex: Knex, now: Date): Promise<void> {
  let after = '';
  for (;;) {
    const rows = await knex<EnvironmentRow>('environments')
      .whereNotExists(
        knex('environment_targets')
          .select(knex.raw('1'))
          .whereRaw('environment_targets.environment_id = environments.id'),
      )
      .andWhere('definition', 'like', '%"target":{%')
      .andWhere('id', '>', after)
      .orderBy('id')
      .limit(BATCH)
      .select('id', 'definition');
    for (const { id, definition } of rows) {
      await saveClaims(knex, id, JSON.parse(definition ?? '{}'), {
        now,
        keepsFormer: true,
      });
    }
    after = rows.at(-1)?.id ?? '';
    if (rows.length < BATCH) {
      return;
    }
  }
}
