import { Knex } from 'knex';
import { PERSON, REASON } from './corePortal';
import { dieAt, Moment } from './deaths';
import type { Aftermath } from './PlanKiller';
import { BAD_FOR_SECONDS } from './PlanWorld';

/** All steps of the rollback, as it is planned. */
export const STEPS = [
  'stop-runs',
  'switch',
  'stop-late-runs',
  'confirm',
  'smoke-test',
  'stop-latest-runs',
  'confirm-again',
  'quarantine-release',
  'set-hold',
];

/** The step that a process is in at a moment; undefined before the first one. */
export function stepOf(moment: Moment): string | undefined {
  const { name } = dieAt(moment);
  return /^(?:before|after) ([a-z-]+)/.exec(name)?.[1];
}

/**
 * Everything is as one rollback leaves it that nobody disturbed.
 *
 * @param attempts - of the steps that were begun more than once
 */
export async function expectRolledBack(
  knex: Knex,
  { world, operation, cancels }: Aftermath,
  attempts: Record<string, number> = {},
): Promise<void> {
  const { id } = operation;
  const { environmentId } = world.service;
  expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
  expect(operation.failure).toBeUndefined();
  expect(
    operation.steps.map(step => [step.name, step.status, step.attempts]),
  ).toEqual(STEPS.map(name => [name, 'succeeded', attempts[name] ?? 1]));

  // Each run that could undo it was cancelled, each once; the smoke test ran once, to its end.
  const runs = await world.runs();
  expect(world.toStop).toHaveLength(3);
  expect(
    runs.map(({ event, conclusion }) => [event, conclusion]).sort(),
  ).toEqual([
    ['push', 'cancelled'],
    ['push', 'cancelled'],
    ['push', 'cancelled'],
    ['workflow_dispatch', 'success'],
  ]);
  expect(cancels).toBe(3);

  // Once by the step, and once for what was put there while it was tested.
  expect(world.platform.serving).toBe('v2');
  expect(world.platform.changes).toEqual(['v2', 'v2']);

  const kept = { set_by: PERSON, reason: REASON, operation_id: id };
  expect(
    await knex('quarantines').where('release_id', world.badReleaseId),
  ).toEqual([expect.objectContaining({ ...kept, lifted_at: null })]);
  expect(await knex('holds').where('environment_id', environmentId)).toEqual([
    expect.objectContaining({ ...kept, ended_at: null }),
  ]);
  expectAudited(world, id, attempts);

  await expectHistory(knex, { world, id });
  await expectFree(knex, environmentId);
}

/** Nobody was kept from anything, and production is as it was before. */
export async function expectAsBefore(
  knex: Knex,
  { world, operation }: Aftermath,
): Promise<void> {
  const { environmentId } = world.service;
  expect(operation.outcome).toBe('as-before');
  expect(operation.failure?.message).toMatch(/\S/);
  expect(world.platform.serving).toBe('v3');
  expect(world.platform.changes).toEqual(['v2', 'v3']);
  const quarantines = knex('quarantines').where(
    'release_id',
    world.badReleaseId,
  );
  expect(await quarantines).toEqual([]);
  expect(await knex('holds').where('environment_id', environmentId)).toEqual(
    [],
  );
  expect(world.audited()).toEqual([]);
  const deployments = await deploymentsOf(knex, environmentId);
  expect(deployments.map(({ status }) => status)).toEqual([
    operation.status,
    'succeeded',
    'superseded',
  ]);
  await expectFree(knex, environmentId);
}

/** What each step keeps out was audited to its end; by one that was begun again perhaps once more. */
function expectAudited(
  world: Aftermath['world'],
  id: string,
  attempts: Record<string, number>,
): void {
  const lines = world.audited();
  for (const [step, eventId] of [
    ['quarantine-release', 'quarantine-set'],
    ['set-hold', 'hold-set'],
  ]) {
    const own = lines.filter(line => line.eventId === eventId);
    const meta = expect.objectContaining({
      operation: id,
      requestedBy: PERSON,
      reason: REASON,
      environment: 'production',
    });
    expect(own.map(line => line.meta)).toEqual(own.map(() => meta));
    // Whoever says so last, it was this operation.
    expect(own.at(-1)).toMatchObject({
      status: 'succeeded',
      meta: { alreadySet: false },
    });
    const begun = own.filter(({ status }) => status === 'initiated');
    const ended = own.filter(({ status }) => status === 'succeeded');
    expect(own).toHaveLength(begun.length + ended.length);
    expect(begun.length).toBeLessThanOrEqual(attempts[step] ?? 1);
    expect(ended.length).toBeLessThanOrEqual(begun.length);
    expect(begun.length).toBeGreaterThanOrEqual(1);
  }
}

/** One deployment of the operation, which is current, and the bad one taken out. */
async function expectHistory(
  knex: Knex,
  { world, id }: { world: Aftermath['world']; id: string },
): Promise<void> {
  const { environmentId } = world.service;
  const [own, bad, good] = await deploymentsOf(knex, environmentId);
  expect(own).toMatchObject({
    source: `operation:${id}`,
    status: 'succeeded',
    release_id: good.release_id,
  });
  expect(bad).toMatchObject({
    status: 'rolled_back',
    release_id: world.badReleaseId,
  });
  const rolledBack = JSON.parse(bad.rolled_back);
  expect(rolledBack).toMatchObject({
    operationId: id,
    by: PERSON,
    reason: REASON,
    automatic: false,
  });
  expect(rolledBack.badForSeconds).toBeGreaterThanOrEqual(BAD_FOR_SECONDS);
  const environment = await knex('environments')
    .where('id', environmentId)
    .first();
  expect(environment.current_deployment_id).toBe(own.id);
}

/** Newest first. */
async function deploymentsOf(knex: Knex, environmentId: string) {
  const rows = await knex('deployments')
    .where('environment_id', environmentId)
    .orderBy('created_at', 'desc');
  expect(rows).toHaveLength(3);
  return rows;
}

/** There was one operation, and nothing is kept by it any more. */
async function expectFree(knex: Knex, environmentId: string): Promise<void> {
  const operations = await knex('operations').where(
    'environment_id',
    environmentId,
  );
  expect(operations).toEqual([
    expect.objectContaining({ lease_owner: null, lease_until: null }),
  ]);
  const under = knex('operations')
    .where('lock_key', operations[0].lock_key)
    .whereIn('status', ['queued', 'running']);
  expect(await under).toEqual([]);
}
