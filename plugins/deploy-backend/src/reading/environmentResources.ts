import { Knex } from 'knex';
import { EnvironmentResource } from '../permissions/rules';

/**
 * Environments as permissions see them, by refs such as `component:default/issuer#production`;
 * undefined for those that are not there, in the order asked for.
 */
export async function loadEnvironmentResources(
  knex: Knex,
  refs: readonly string[],
): Promise<(EnvironmentResource | undefined)[]> {
  const wanted = refs.map(ref => {
    const separator = ref.indexOf('#');
    return separator < 0
      ? { entityRef: ref }
      : {
          entityRef: ref.slice(0, separator),
          name: ref.slice(separator + 1),
        };
  });
  const rows = await knex('services')
    .leftJoin('environments', 'environments.service_id', 'services.id')
    .whereIn(
      'services.entity_ref',
      wanted.map(one => one.entityRef),
    )
    .whereNull('services.removed_at')
    .select<
      {
        entity_ref: string;
        owner?: string | null;
        tier?: string | null;
        name?: string | null;
      }[]
    >(
      'services.entity_ref',
      'services.owner',
      'environments.tier',
      'environments.name',
    );
  return wanted.map(({ entityRef, name }) => {
    const row = rows.find(
      one =>
        one.entity_ref === entityRef &&
        (name === undefined || one.name === name),
    );
    return (
      row && {
        owner: row.owner ?? undefined,
        ...(name !== undefined && { tier: row.tier ?? undefined, name }),
      }
    );
  });
}
