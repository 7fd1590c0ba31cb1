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
/** Those whose names are somebody's own; a tier tells nothing. */
const namedKinds = ['environments', 'systems', 'services'] as const;

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

/** Freezes as the caller may read them: without services, systems and environments that they may not know of. */
export async function withoutUnseen(
  knex: Knex,
  freezes: readonly Freeze[],
  visibility: Visibility,
): Promise<Freeze[]> {
  if (visibility.everything) {
    return [...freezes];
  }
  const seen = {
    environments: await seenAmong('environments', knex, freezes, visibility),
    systems: await seenAmong('systems', knex, freezes, visibility),
    services: await seenAmong('services', knex, freezes, visibility),
  };
  return freezes.map(freeze => {
    const scope = { ...freeze.scope };
    for (const kind of namedKinds) {
      const names = scope[kind];
      if (names) {
        scope[kind] = names.filter(name => seen[kind].has(name));
      }
    }
    return { ...freeze, scope };
  });
}

async function seenAmong(
  kind: (typeof namedKinds)[number],
  knex: Knex,
  freezes: readonly Freeze[],
  visibility: Visibility,
): Promise<ReadonlySet<string>> {
  const named = freezes.flatMap(({ scope }) => scope[kind] ?? []);
  if (named.length === 0) {
    return new Set();
  }
  const rows: { name: string }[] = await visibleEnvironments(knex, visibility)
    .whereIn(columns[kind], [...new Set(named)])
    .distinct(`${columns[kind]} as name`);
  return new Set(rows.map(({ name }) => name));
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
