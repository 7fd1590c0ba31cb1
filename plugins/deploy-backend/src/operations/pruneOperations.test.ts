import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { DeploymentReader } from '../reading/DeploymentReader';
import { HoldStore } from '../restrictions/HoldStore';
import { QuarantinedRevisionStore } from '../restrictions/QuarantinedRevisionStore';
import { QuarantineStore } from '../restrictions/QuarantineStore';
import { ReleaseHistory } from '../rollbacks/ReleaseHistory';
import {
  EngineFixture,
  engineFixture,
} from './engine/__testUtils__/engineFixture';
import { NewOperation } from './engine/types';
import { OperationEngine } from './engine/OperationEngine';
import { projectOperation } from './projectOperation';
import { pruneOperations } from './pruneOperations';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const OLD = '2025-01-01T00:00:00.000Z';
const BEFORE = new Date('2025-06-01T00:00:00.000Z');
const GOOD = 'a'.repeat(40);
const BAD = 'b'.repeat(40);

describe.each(databases.eachSupportedId())('pruneOperations on %s', id => {
  let fixture: EngineFixture;
  let engine: OperationEngine;

  beforeEach(async () => {
    fixture = await engineFixture(await migratedDatabase(databases, id));
    engine = fixture.engine({
      hooks: { ...fixture.hooks, onTransition: projectOperation },
    });
    engine.start();
  });

  afterEach(() => fixture.stop());

  async function run(overrides: Partial<NewOperation>): Promise<string> {
    const submitted = await engine.submit(await fixture.operation(overrides));
    await fixture.end(submitted.id);
    return submitted.id;
  }

  const age = (...ids: string[]) =>
    fixture.knex('operations').whereIn('id', ids).update({ finished_at: OLD });

  const left = async () =>
    (await fixture.knex('operations').select('id')).map(row => row.id).sort();

  const count = async (table: string) =>
    (await fixture.knex(table).select('operation_id')).length;

  it('deletes what is over long enough, with its steps and logs', async () => {
    fixture.script('do shift', control => control.log('shifted'));
    const where = await fixture.environment();
    const gone = await run({ ...where, kind: 'restart' });
    const young = await run({ ...where, kind: 'restart' });
    const stepsBefore = await count('operation_steps');
    const logsBefore = await count('operation_logs');
    await age(gone);

    const pruned = await pruneOperations(fixture.knex, BEFORE);

    expect(pruned).toBe(1);
    expect(await left()).toEqual([young]);
    expect(await count('operation_steps')).toBe(stepsBefore / 2);
    expect(await count('operation_logs')).toBe(logsBefore / 2);
  });

  it('leaves alone what is under way, however old', async () => {
    await fixture.stop();
    const waiting = await fixture
      .engine()
      .submit(await fixture.operation({ kind: 'restart' }));
    await fixture
      .knex('operations')
      .update({ created_at: OLD, finished_at: OLD });

    expect(await pruneOperations(fixture.knex, BEFORE)).toBe(0);
    expect(await left()).toEqual([waiting.id]);
  });

  it('goes on batch by batch until nothing is left', async () => {
    const where = await fixture.environment();
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.push(await run({ ...where, kind: 'restart' }));
    }
    await age(...ids);

    expect(await pruneOperations(fixture.knex, BEFORE, 2)).toBe(5);
    expect(await left()).toEqual([]);
  });

  it('keeps history, holds and quarantines true', async () => {
    const { knex } = fixture;
    const where = await fixture.environment();
    const holds = new HoldStore(knex);
    const quarantines = new QuarantineStore(knex);
    const bad = await run({
      ...where,
      kind: 'redeploy',
      to: { revision: 'issuer--2', commit: BAD },
    });
    const [{ release_id: badRelease }] = await knex('deployments');
    const rollback = await run({
      ...where,
      reason: 'It answers 500',
      fromReleaseId: badRelease,
      from: { revision: 'issuer--2', commit: BAD },
      to: { revision: 'issuer--1', commit: GOOD },
    });
    const by = 'user:default/dana';
    const told = { by, reason: 'It answers 500', operationId: rollback };
    await holds.set(where.environmentId, told, new Date());
    await quarantines.set(badRelease, told, new Date());
    const again = await run({
      ...where,
      kind: 'redeploy',
      to: { revision: 'issuer--1', commit: GOOD },
    });
    const read = async () => ({
      deployments: (await knex('deployments').orderBy('created_at')).map(
        ({ source, status, rolled_back }) => ({ source, status, rolled_back }),
      ),
      environment: await knex('environments').first(),
    });
    const before = await read();
    await age(bad, rollback);

    const pruned = await pruneOperations(knex, BEFORE);

    expect(pruned).toBe(2);
    expect(await left()).toEqual([again]);
    expect(await read()).toEqual(before);
    expect(before.deployments.map(({ status }) => status)).toEqual([
      'rolled_back',
      'superseded',
      'succeeded',
    ]);
    expect(await holds.current(where.environmentId)).toMatchObject({
      by,
      reason: 'It answers 500',
    });
    expect(await quarantines.ofRelease(badRelease)).toMatchObject({ by });
    const { items } = await new DeploymentReader(knex).list(
      `component:default/${where.serviceId}`,
      { limit: 10 },
      { everything: true },
    );
    expect(items).toHaveLength(3);
  });

  it('keeps the last one that put something into an environment: it tells what runs there', async () => {
    const { knex } = fixture;
    const where = await fixture.environment();
    const history = new ReleaseHistory({
      knex,
      quarantines: new QuarantineStore(knex),
      quarantinedRevisions: new QuarantinedRevisionStore(knex),
    });
    const known = await run({
      ...where,
      kind: 'redeploy',
      to: { revision: 'issuer--1', commit: GOOD },
    });
    await knex('deployments').update({ finished_at: '2024-12-01T00:00:00Z' });
    // Nobody knows what commit it runs.
    const hidden = await run({ ...where, to: { revision: 'issuer--0' } });
    const later = await run({ ...where, kind: 'restart' });
    await age(known, hidden, later);
    await knex('operations')
      .where('id', known)
      .update({ finished_at: '2024-12-01T00:00:00Z' });

    const pruned = await pruneOperations(knex, BEFORE);

    expect(pruned).toBe(2);
    expect(await left()).toEqual([hidden]);
    expect(await history.currentRelease(where.environmentId)).toBeUndefined();
  });
});
