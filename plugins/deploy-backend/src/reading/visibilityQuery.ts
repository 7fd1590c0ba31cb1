import {
  isAndCriteria,
  isNotCriteria,
  isOrCriteria,
} from '@backstage/plugin-permission-node';
import { PermissionCriteria } from '@backstage/plugin-permission-common';
import { Knex } from 'knex';
import { Visibility } from '../permissions/Authorizer';
import { EnvironmentCondition } from '../permissions/rules';

/** A missing value is no value: without this, NOT would hide rows that have none. */
const columns: Record<EnvironmentCondition['property'], string> = {
  owner: "coalesce(services.owner, '')",
  tier: "coalesce(environments.tier, '')",
  name: "coalesce(environments.name, '')",
};

/**
 * Narrows a query over `services` and `environments`, joined under these names, to what a caller
 * may see. In the query and not after it, so that pages stay full and nothing leaks.
 */
export function whereVisible(
  query: Knex.QueryBuilder,
  visibility: Visibility,
): void {
  if (!visibility.everything) {
    applyCriteria(query, visibility.criteria, false);
  }
}

function applyCriteria(
  query: Knex.QueryBuilder,
  criteria: PermissionCriteria<EnvironmentCondition>,
  negate: boolean,
): void {
  if (isNotCriteria(criteria)) {
    applyCriteria(query, criteria.not, !negate);
    return;
  }
  if (isAndCriteria(criteria) || isOrCriteria(criteria)) {
    const parts = isAndCriteria(criteria) ? criteria.allOf : criteria.anyOf;
    // not (a and b) is (not a) or (not b)
    const all = isAndCriteria(criteria) !== negate;
    query.andWhere(group => {
      for (const part of parts) {
        group[all ? 'andWhere' : 'orWhere'](inner => {
          applyCriteria(inner, part, negate);
        });
      }
    });
    return;
  }
  const { property, values } = criteria;
  if (values.length === 0) {
    query.andWhereRaw(negate ? '1 = 1' : '1 = 0');
    return;
  }
  query.andWhereRaw(
    `${columns[property]} ${negate ? 'not in' : 'in'} (${values
      .map(() => '?')
      .join(', ')})`,
    [...values],
  );
}
