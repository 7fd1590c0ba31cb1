import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../../__testUtils__/migratedDatabase';
import { waitFor } from '../../__testUtils__/waitFor';
import {
  EngineFixture,
  engineFixture,
  plan,
} from './__testUtils__/engineFixture';
import { OperationEngine } from './OperationEngine';
import { OperationStore } from './OperationStore';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const LOST = 'Another process has taken the operation over.';

describe.each(databases.eachSupportedId())('an operation on %s', id => {
  let fixture: EngineFixture;

  beforeEach(async () => {
    fixture = await engineFixture(await migratedDatabase(databases, id));
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    await fixture.stop();
  });

  /** A step that waits until it is told to stop, and what it is told then. */
  function waitLong(): string[] {
    const reasons: string[] = [];
    fixture.script('long do shift', ({ wait }) =>
      wait(1e9).catch(error => {
        reasons.push(error.message);
        throw error;
      }),
    );
    return reasons;
  }

  const submitLong = async (engine: OperationEngine) =>
    engine.submit(
      await fixture.operation({ label: 'long ', steps: plan('shift') }),
    );

  const begun = () =>
    fixture.calls.filter(call => call === 'long do shift').length;

  it('is broken off by a process that cannot keep it any longer, whatever that takes over meanwhile', async () => {
    let isBroken = false;
    const knex = new Proxy(fixture.knex, {
      apply: (target, self, given) => {
        const query = Reflect.apply(target, self, given);
        return isBroken
          ? Object.assign(query, {
              update: () => {
                throw new Error('The lease could not be written.');
              },
            })
          : query;
      },
    });
    let seconds = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => seconds * 1000);
    const engine = fixture.engine({
      knex,
      limits: { leaseMs: 60_000, heartbeatMs: 20 },
    });
    const reasons = waitLong();
    engine.start();
    await submitLong(engine);
    await waitFor(() => begun() > 0);
    isBroken = true;
    seconds = 59;
    const { id: other } = await engine.submit(
      await fixture.operation({ steps: plan('shift') }),
    );
    await fixture.end(other);
    const early = [...reasons];
    seconds = 60;
    await waitFor(() => reasons.length > 0);

    expect(early).toEqual([]);
    expect(reasons[0]).toBe(LOST);
  });

  it('is broken off where the same process took it over from itself', async () => {
    const engine = fixture.engine();
    const reasons = waitLong();
    engine.start();
    const { id: operationId } = await submitLong(engine);
    await waitFor(async () => {
      // As if it had stood still for longer than the lease.
      await fixture
        .knex('operations')
        .where('id', operationId)
        .update({ lease_until: '2026-01-05T12:00:00.000Z' });
      engine.wake();
      return begun() > 1;
    });
    await waitFor(() => reasons.length > 0);

    expect(reasons[0]).toBe(LOST);
  });

  it('goes to whoever is free if its process never began with it, and leads another one', async () => {
    const owner = 'busy';
    const leaseMs = 1_000;
    const { hooks, knex } = fixture;
    const store = new OperationStore({
      knex,
      hooks,
      now: () => new Date(),
      leaseMs,
    });
    const engine = fixture.engine({
      owner,
      limits: { leaseMs, concurrency: 1 },
    });
    waitLong();
    await submitLong(engine);
    engine.start();
    await waitFor(() => begun() > 0);
    // As if the connection had broken after it was taken, and before that was known.
    const { id: taken } = await store.submit(
      await fixture.operation({ steps: plan('activate') }),
    );
    await knex('operations')
      .where({ id: taken, status: 'queued' })
      .update({
        status: 'running',
        fence: 7,
        lease_owner: owner,
        lease_until: new Date(Date.now() + leaseMs).toISOString(),
      });
    fixture.engine().start();

    expect(await fixture.end(taken)).toMatchObject({ outcome: 'done' });
  });

  it.each([1, 8])(
    'does not keep others from their turn, if it cannot be taken over and %s run at once',
    async concurrency => {
      const labels = ['first ', 'odd ', 'last '];
      const odd = jest.fn();
      const engine = fixture.engine({
        limits: { concurrency },
        hooks: {
          ...fixture.hooks,
          onTransition: async (_tx, { operation, status }) => {
            if (operation.context.label === 'odd ' && status === 'running') {
              odd();
              throw new Error('What follows from it could not be written.');
            }
          },
        },
      });
      const ids: string[] = [];
      for (const label of labels) {
        ids.push((await engine.submit(await fixture.operation({ label }))).id);
      }
      engine.start();

      const [first, last] = await fixture.ended(ids[0], ids[2]);
      await waitFor(() => odd.mock.calls.length > 1);

      expect([first.outcome, last.outcome]).toEqual(['done', 'done']);
      expect(await fixture.status(ids[1])).toBe('queued');
      expect(fixture.logger.warn).toHaveBeenCalledWith(
        'An operation could not be taken over; it is tried again',
        { operation: ids[1], error: expect.stringContaining('could not be') },
      );
    },
  );

  it('is kept for longer with whatever is written of it', async () => {
    const noon = Date.UTC(2026, 0, 5, 12);
    const store = (seconds: number) =>
      new OperationStore({
        knex: fixture.knex,
        hooks: fixture.hooks,
        now: () => new Date(noon + seconds * 1000),
        leaseMs: 30_000,
      });
    await store(0).submit(await fixture.operation());
    const [claim] = (await store(0).claim('alive', 1)).claims;

    await store(20).remember(claim, 0, { before: '6' });
    const [early] = (await store(45).claim('other', 1)).claims;
    const [late] = (await store(50).claim('other', 1)).claims;

    expect(early).toBeUndefined();
    expect(late).toMatchObject({ owner: 'other', fence: claim.fence + 1 });
  });
});
