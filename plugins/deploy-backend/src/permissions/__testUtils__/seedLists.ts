import { JsonObject } from '@backstage/types';
import { Knex } from 'knex';
import { v4 as uuid } from 'uuid';
import { coverageReport } from '../../evidence/__testUtils__/reports';
import { summarise } from '../../evidence/store/summarise';
import { OURS, THEIRS } from './principals';

/** One environment of one service, of which every list has a row. */
export interface Spot {
  name: string;
  owner: string;
  environment: string;
  tier: string;
  /** Stands in each row about it, in a text that the API gives out. */
  mark: string;
}

const SERVICES = 28;

/** Of each environment of the first service. */
export const ROWS_OF_FIRST = 28;

const environments = [
  { name: 'staging', tier: 'staging' },
  { name: 'live', tier: 'production' },
];

/** The service that has many rows itself. */
export const FIRST = 'svc-ours-0';

/**
 * Puts services of ours and of theirs in turn straight into the tables, each with two environments, and
 * rows about every one of them, alternating; the first service has many. Some share a moment.
 */
export async function seedLists(knex: Knex): Promise<Spot[]> {
  const rows: Record<string, JsonObject[]> = {};
  const add = (table: string, row: JsonObject) => {
    const id = String(row.id ?? uuid());
    (rows[table] ??= []).push({ id, ...row });
    return id;
  };
  const spots: Spot[] = [];
  let number = 0;
  for (let index = 0; index < SERVICES; index++) {
    const owner = index % 2 === 0 ? OURS : THEIRS;
    const name = `svc-${index % 2 === 0 ? 'ours' : 'theirs'}-${index}`;
    const service = add('services', {
      entity_ref: `component:default/${name}`,
      repository: `example-org/${name}`,
      service_key: name,
      name,
      owner,
      system: `system:default/sys-${name}`,
      annotations: '{}',
    });
    for (const [
      position,
      { name: environment, tier },
    ] of environments.entries()) {
      const spot = {
        name,
        owner,
        environment,
        tier,
        mark: `mark-${index}-${environment}.`,
      };
      spots.push(spot);
      const environmentId = add('environments', {
        service_id: service,
        name: environment,
        tier,
        position,
        declared: true,
      });
      const times = name === FIRST ? ROWS_OF_FIRST : 1;
      for (let time = 0; time < times; time++) {
        number += 1;
        // The rows of one environment lie between those of the other.
        const at = new Date(
          Date.UTC(2026, 0, 5, 12, time, Math.floor(index / 4)),
        ).toISOString();
        addRows(add, { spot, service, environmentId, number, at });
      }
      const at = new Date(Date.UTC(2026, 0, 6, 12, 0, index)).toISOString();
      addOnce(add, { spot, environmentId, at });
    }
  }
  for (const [table, list] of Object.entries(rows)) {
    const kept = list.map(({ id, ...row }) =>
      table === 'freeze_scopes' || table === 'promotion_approvers'
        ? row
        : { id, ...row },
    );
    await knex.batchInsert(table, kept, 20);
  }
  return spots;
}

type Add = (table: string, row: JsonObject) => string;

function addRows(
  add: Add,
  row: {
    spot: Spot;
    service: string;
    environmentId: string;
    number: number;
    at: string;
  },
): void {
  const { spot, service, environmentId, number, at } = row;
  const commit = number.toString(16).padStart(40, '0');
  const place = { service_id: service, environment_id: environmentId };
  const release = add('releases', {
    service_id: service,
    commit_sha: commit,
    created_at: at,
  });
  add('deployments', {
    ...place,
    release_id: release,
    source: `observed:${number}`,
    outcome: 'succeeded',
    status: 'succeeded',
    asked_first: false,
    guessed: false,
    title: spot.mark,
    created_at: at,
    finished_at: at,
  });
  add('evidence', {
    service_id: service,
    commit_sha: commit,
    type: 'coverage',
    format: 'lcov',
    environment: spot.environment,
    suite: spot.mark,
    measured_at: at,
    received_at: at,
    identity: String(number),
    summary: JSON.stringify(summarise(coverageReport(1))),
    provenance: JSON.stringify({ kind: 'user', userRef: 'user:default/dana' }),
  });
  add('operations', {
    ...place,
    position: number,
    kind: 'restart',
    status: 'succeeded',
    phase: 'forward',
    lock_key: `fake:${number}`,
    requested_by: 'user:default/dana',
    automatic: false,
    reason: spot.mark,
    context: '{}',
    created_at: at,
    due_at: at,
    fence: 0,
  });
  const promotion = add('promotions', {
    ...place,
    release_id: release,
    class: 'regular',
    status: 'awaiting_approval',
    state: JSON.stringify({
      status: 'awaiting_approval',
      requestedBy: 'user:default/dana',
      voices: [],
      overridden: [],
      expiresAt: '2099-01-01T00:00:00.000Z',
    }),
    requested_by: 'user:default/dana',
    reason: spot.mark,
    seam: 'protection-rule',
    required_approvals: 1,
    repository: `example-org/${spot.name}`,
    created_at: at,
    updated_at: at,
    expires_at: '2099-01-01T00:00:00.000Z',
  });
  add('promotion_approvers', { promotion_id: promotion, ref: '*' });
}

function addOnce(
  add: Add,
  row: { spot: Spot; environmentId: string; at: string },
): void {
  const { spot, environmentId, at } = row;
  add('locks', {
    environment_id: environmentId,
    owner: 'user:default/dana',
    reason: spot.mark,
    since: at,
  });
  const scope = {
    services: [`component:default/${spot.name}`],
    environments: [spot.environment],
  };
  const freeze = add('freezes', {
    title: spot.mark,
    reason: 'Nothing moves here',
    scope: JSON.stringify(scope),
    window: JSON.stringify({
      from: '2026-01-01T00:00:00.000Z',
      to: '2099-01-01T00:00:00.000Z',
    }),
    allows: '[]',
    set_by: 'user:default/dana',
    created_at: at,
  });
  add('freeze_scopes', {
    freeze_id: freeze,
    kind: 'services',
    name: scope.services[0],
  });
  add('freeze_scopes', {
    freeze_id: freeze,
    kind: 'environments',
    name: spot.environment,
  });
}
