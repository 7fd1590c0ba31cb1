import { Freeze, FreezeScope } from '@vvp/backstage-plugin-deploy-common';
import { Knex } from 'knex';
import { Visibility } from '../permissions/Authorizer';
import { whereVisible } from '../reading/visibilityQuery';

/** The column that a part of a scope is about. */
const columns = {
  tiers: 'environments.tier',
  environments: 'environments.name',
  systems: 'services.system',
  services: 'services.entity_ref',
} as const;

type ScopeKind = keyof typeof columns;
const kinds = Object.keys(columns) as ScopeKind[];

/**
 * Narrows a query over `freezes` to those that concern at least one environment which the caller may see.
 * Whoever sees everything sees every freeze.
 */
export function whereConcernsVisible(
  query: Knex.QueryBuilder,
  knex: Knex,
  visibility: Visibility,
): void {
  if (visibility.everything) {
    return;
  }
  const environments = visibleEnvironments(knex, visibility);
  for (const kind of kinds) {
    const named = () =>
      knex('freeze_scopes')
        .select(knex.raw('1'))
        .whereRaw('freeze_scopes.freeze_id = freezes.id')
        .andWhere('freeze_scopes.kind', kind);
    environments.andWhere(either => {
      either
        .whereNotExists(named())
        .orWhereExists(
          named().andWhereRaw('freeze_scopes.name = ??', [columns[kind]]),
        );
    });
  }
  query.whereExists(environments.select(knex.raw('1')));
}

/** Whether a scope is about at least one environment that the caller may see. */
export async function concernsVisible(
  knex: Knex,
  scope: FreezeScope,
  visibility: Visibility,
): Promise<boolean> {
  if (visibility.everything) {
    return true;
  }
  const query = visibleEnvironments(knex, visibility);
  for (const kind of kinds) {
    const names = scope[kind];
    if (names && names.length > 0) {
      query.whereIn(columns[kind], [...names]);
    }
  }
  return (await query.first('environments.id')) !== undefined;
}

/** Freezes as the caller may read them: without services that they may not know of. */
export async function withoutUnseenServices(
  knex: Knex,
  freezes: readonly Freeze[],
  visibility: Visibility,
): Promise<Freeze[]> {
  const named = freezes.flatMap(({ scope }) => scope.services ?? []);
  if (visibility.everything || named.length === 0) {
    return [...freezes];
  }
  const rows: { entity_ref: string }[] = await visibleEnvironments(
    knex,
    visibility,
  )
    .whereIn('services.entity_ref', [...new Set(named)])
    .distinct('services.entity_ref');
  const seen = new Set(rows.map(row => row.entity_ref));
  return freezes.map(freeze => ({
    ...freeze,
    scope: {
      ...freeze.scope,
      ...(freeze.scope.services && {
        services: freeze.scope.services.filter(ref => seen.has(ref)),
      }),
    },
  }));
}

function visibleEnvironments(
  knex: Knex,
  visibility: Visibility,
): Knex.QueryBuilder {
  const query = knex('environments')
    .join('services', 'services.id', 'environments.service_id')
    .whereNull('services.removed_at');
  whereVisible(query, visibility);
  return query;
}
