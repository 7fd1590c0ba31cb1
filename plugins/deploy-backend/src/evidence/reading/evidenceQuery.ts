import { Knex } from 'knex';
import { Visibility } from '../../permissions/Authorizer';
import { whereVisible } from '../../reading/visibilityQuery';
import { JoinedEvidenceRow } from '../store/toEvidence';

/**
 * Reports that a caller may see, joined to `services`. One with an environment needs that environment to
 * be visible, one without needs any of its service. An environment that is gone is nobody's to see but
 * for those who see everything: there is no tier any more that a condition could be on.
 */
export function visibleEvidence(
  knex: Knex,
  visibility: Visibility,
): Knex.QueryBuilder<{}, JoinedEvidenceRow[]> {
  const query = knex('evidence')
    .join('services', 'services.id', 'evidence.service_id')
    .whereNull('services.removed_at')
    .select<JoinedEvidenceRow[]>('evidence.*', 'services.entity_ref');
  if (!visibility.everything) {
    const environment = knex
      .from(knex.raw('(select 1 as one) as one'))
      .joinRaw(
        `left join environments on environments.service_id = services.id
          and (evidence.environment is null or environments.name = evidence.environment)`,
      )
      .whereRaw('(evidence.environment is null or environments.id is not null)')
      .select(knex.raw('1'));
    whereVisible(environment, visibility);
    query.whereExists(environment);
  }
  return query;
}

/** What makes reports comparable: of the same service, kind and place. */
export type Series = Pick<
  JoinedEvidenceRow,
  'service_id' | 'type' | 'suite' | 'mode' | 'environment'
>;

/**
 * Reports of the same series that were measured before one, without those of pull requests, last measured
 * first.
 */
export function earlierEvidence(
  knex: Knex,
  series: Series,
  before: { measured_at: string; id: string },
): Knex.QueryBuilder<{}, JoinedEvidenceRow[]> {
  return knex('evidence')
    .where({
      service_id: series.service_id,
      type: series.type,
      suite: series.suite,
      mode: series.mode,
      // Knex writes `is null` for null.
      environment: series.environment ?? null,
    })
    .whereNull('pull_request')
    .whereRaw('(measured_at, id) < (?, ?)', [before.measured_at, before.id])
    .orderBy([
      { column: 'measured_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .select('evidence.*');
}
