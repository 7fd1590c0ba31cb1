import { Knex } from 'knex';
import { whereVisible } from '../reading/visibilityQuery';
import { Sees } from './Authorizer';

/** Looks into the tables whether something is there and may be seen. */
export function seesIn(knex: Knex): Sees {
  return async (resourceRef, visibility) => {
    const [entityRef, environment] = resourceRef.split('#');
    const query = knex('services')
      .leftJoin('environments', 'environments.service_id', 'services.id')
      .where('services.entity_ref', entityRef)
      .whereNull('services.removed_at');
    if (environment !== undefined) {
      query.andWhere('environments.name', environment);
    }
    whereVisible(query, visibility);
    return (await query.first('services.id')) !== undefined;
  };
}
