import { TestDatabases } from '@backstage/backend-test-utils';
import { v4 as uuid } from 'uuid';
import { migratedDatabase } from '../../__testUtils__/migratedDatabase';
import { waitFor } from '../../__testUtils__/waitFor';
import {
  EngineFixture,
  engineFixture,
  gate,
  plan,
} from './__testUtils__/engineFixture';
import { OperationEngine } from './OperationEngine';
import { LeaseLostError, OperationStore } from './OperationStore';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

describe.each(databases.eachSupportedId())('engines on %s', id => {
  let fixture: EngineFixture;

  beforeEach(async () => {
    fixture = await engineFixture(await migratedDatabase(databases, id));
  });

  afterEach(() => fixture.stop());

  function startThree(): OperationEngine[] {
    const engines = [1, 2, 3].map(() => fixture.engine());
    engines.forEach(engine => engine.start());
    return engines;
  }

  function store(now: () => Date = () => new Date()) {
    return new OperationStore({
      knex: fixture.knex,
      hooks: fixture.hooks,
      now,
      leaseMs: 30_000,
    });
  }

  it('run those of one lock key one after the other, as they came', async () => {
    const engines = startThree();
    let running = 0;
    let most = 0;
    fixture.script('do shift', async ({ wait }) => {
      running += 1;
      most = Math.max(most, running);
      await wait(3);
      running -= 1;
    });
    const ids: string[] = [];
    for (let label = 0; label < 12; label++) {
      const operation = await fixture.operation({
        label: `${label} `,
        lockKey: 'azure-vm:vvp/vvp-pbx',
        steps: plan('shift'),
      });
      ids.push((await engines[label % 3].submit(operation)).id);
    }
    await fixture.ended(...ids);

    expect(most).toBe(1);
    expect(fixture.calls).toEqual(
      Array.from({ length: 12 }, (_, label) => `${label} do shift`),
    );
  });

  it('run those of different lock keys at once', async () => {
    const engine = fixture.engine();
    engine.start();
    const waiting = gate();
    fixture.script('do shift', () => waiting.opened);
    const ids: string[] = [];
    for (let index = 0; index < 5; index++) {
      const operation = await fixture.operation({ steps: plan('shift') });
      ids.push((await engine.submit(operation)).id);
    }
    await waitFor(() => fixture.calls.length === 5);
    waiting.open();

    expect((await fixture.ended(...ids)).map(({ outcome }) => outcome)).toEqual(
      Array(5).fill('done'),
    );
  });

  it('run so many at once and no more', async () => {
    const engine = fixture.engine({ limits: { concurrency: 2 } });
    let running = 0;
    let most = 0;
    fixture.script('do shift', async ({ wait }) => {
      running += 1;
      most = Math.max(most, running);
      await waitFor(() => most >= 2);
      await wait(5);
      running -= 1;
    });
    const ids: string[] = [];
    for (let index = 0; index < 8; index++) {
      const operation = await fixture.operation({ steps: plan('shift') });
      ids.push((await engine.submit(operation)).id);
    }
    engine.start();
    await fixture.ended(...ids);

    expect(most).toBe(2);
  });

  describe('asked 50 times at once by 5 clients', () => {
    const clients = [0, 1, 2, 3, 4];

    it('with one idempotency key for each click, run one and refuse the others', async () => {
      const engines = startThree();
      const waiting = gate();
      fixture.script('do activate', () => waiting.opened);
      const operation = await fixture.operation();

      const answers = await Promise.allSettled(
        Array.from({ length: 50 }, (_, index) =>
          engines[index % 3].submit({
            ...operation,
            requestedBy: `user:default/client-${clients[index % 5]}`,
            idempotency: { key: uuid(), request: 'same' },
          }),
        ),
      );
      waiting.open();

      const made = answers.filter(answer => answer.status === 'fulfilled');
      const refused = answers.filter(answer => answer.status === 'rejected');
      expect(made).toHaveLength(1);
      expect(refused).toHaveLength(49);
      for (const { reason } of refused) {
        expect(reason.name).toBe('ConflictError');
        expect(reason.message).toContain(made[0].value.id);
        expect(reason.operationId).toBe(made[0].value.id);
      }
      await fixture.ended(made[0].value.id);
      expect(fixture.calls).toEqual(['do activate', 'do shift', 'do retire']);
    });

    it('with one idempotency key, run one and give its id to all', async () => {
      const engines = startThree();
      const operation = await fixture.operation({
        idempotency: { key: 'key', request: 'same' },
      });

      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, index) =>
          engines[index % 3].submit(operation),
        ),
      );

      expect(new Set(answers.map(answer => answer.id)).size).toBe(1);
      expect(answers.filter(answer => answer.created)).toHaveLength(1);
      await fixture.ended(answers[0].id);
      expect(fixture.calls).toEqual(['do activate', 'do shift', 'do retire']);
      // Also after its end.
      expect(await engines[0].submit(operation)).toEqual({
        id: answers[0].id,
        created: false,
      });
    });

    it('for 50 environments, keep all of them', async () => {
      const engines = startThree();
      const operations = await Promise.all(
        Array.from({ length: 50 }, () =>
          fixture.operation({ steps: plan('shift') }),
        ),
      );

      const answers = await Promise.all(
        operations.map((operation, index) =>
          engines[index % 3].submit(operation),
        ),
      );
      const ended = await fixture.ended(...answers.map(answer => answer.id));

      expect(ended.every(({ outcome }) => outcome === 'done')).toBe(true);
      expect(fixture.calls).toHaveLength(50);
    });
  });

  it('refuse a key that was used for another request', async () => {
    const engine = fixture.engine();
    const operation = await fixture.operation({
      idempotency: { key: 'key', request: 'one' },
    });
    const { id: first } = await engine.submit(operation);

    await expect(
      engine.submit({
        ...operation,
        idempotency: { key: 'key', request: 'another' },
      }),
    ).rejects.toThrow(
      `Idempotency-Key: was used before for another request, which made operation ${first}.`,
    );
  });

  it('take over what a dead process left in the middle of a step', async () => {
    const dead = fixture.engine({
      limits: { heartbeatMs: 1e8, pollMs: 1e8, graceMs: 1 },
    });
    const attempts: unknown[] = [];
    const died = gate();
    fixture.script('do shift', async control => {
      attempts.push([control.attempt, control.fence]);
      if (control.attempt === 1) {
        await control.remember({ before: 'v7' });
        died.open();
        await new Promise(() => {});
      }
      expect(control.memory).toEqual({ before: 'v7' });
    });
    dead.start();
    const { id: operationId } = await dead.submit(await fixture.operation());
    await died.opened;
    await fixture
      .knex('operations')
      .where('id', operationId)
      .update({ lease_until: '2026-01-05T12:00:00.000Z' });
    startThree();

    expect(await fixture.end(operationId)).toMatchObject({ outcome: 'done' });
    expect(attempts).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(fixture.calls).toEqual([
      'do activate',
      'do shift',
      'do shift',
      'do retire',
    ]);
  });

  it('go on at once with what another one gave back', async () => {
    const first = fixture.engine({ limits: { leaseMs: 1e8 } });
    const begun = gate();
    fixture.script('do shift', async control => {
      if (control.attempt === 1) {
        begun.open();
        await control.wait(1e9);
      }
    });
    first.start();
    const { id: operationId } = await first.submit(await fixture.operation());
    await begun.opened;
    await first.stop();
    startThree();

    expect(await fixture.end(operationId)).toMatchObject({ outcome: 'done' });
  });

  it('stop a step whose operation was taken over', async () => {
    const slow = fixture.engine();
    const reasons: string[] = [];
    fixture.script('do shift', async control => {
      if (control.attempt === 1) {
        await control.wait(1e9).catch(error => reasons.push(error.message));
        await control.remember({ late: true });
      }
    });
    slow.start();
    const { id: operationId } = await slow.submit(
      await fixture.operation({ steps: plan('shift') }),
    );
    await waitFor(() => fixture.calls.length === 1);
    // As if the lease had run out unnoticed.
    await fixture
      .knex('operations')
      .where('id', operationId)
      .update({ lease_until: null, lease_owner: null });
    const operation = await fixture.end(operationId);
    await waitFor(() => reasons.length > 0);

    expect(reasons).toEqual(['Another process has taken the operation over.']);
    expect(operation).toMatchObject({ outcome: 'done' });
    expect(operation.steps[0].attempts).toBe(2);
  });

  it('refuse every write of a process that lost the operation', async () => {
    await fixture.engine().submit(await fixture.operation());
    const later = () => new Date(Date.now() + 60_000);
    const [old] = (await store().claim('old', 1)).claims;
    const [young] = (await store(later).claim('young', 1)).claims;
    const log = {
      step: 0,
      lines: [{ sequence: 1, at: 'now', level: 'info' as const, text: 'late' }],
    };

    expect(young.fence).toBe(old.fence + 1);
    await expect(store().remember(old, 0, {})).rejects.toThrow(LeaseLostError);
    await expect(store().writeLog(old, log)).rejects.toThrow(LeaseLostError);
    await expect(
      store().write(old, old.state, state => state, { release: () => true }),
    ).rejects.toThrow(LeaseLostError);
    await store().release(old, new Date());
    const ids = [old.operation.id];
    expect(await store().extendLeases('old', ids)).toEqual(new Map());
    expect(await store().extendLeases('young', ids)).toEqual(
      new Map([[young.operation.id, young.fence]]),
    );
  });

  it('claim an operation once', async () => {
    await fixture.engine().submit(await fixture.operation());

    const found = await Promise.all(
      ['a', 'b', 'c', 'd'].map(owner => store().claim(owner, 8)),
    );

    expect(found.flatMap(({ claims }) => claims)).toHaveLength(1);
  });

  it('ask once, and do not read the history, however many wait', async () => {
    const lockKey = 'azure-vm:vvp/vvp-pbx';
    for (let index = 0; index < 30; index++) {
      await fixture.engine().submit(await fixture.operation({ lockKey }));
    }
    await store().claim('owner', 8);
    await addHistory(fixture, 3_000);
    const queries: { sql: string; bindings: unknown[] }[] = [];
    fixture.knex.on('query', query => queries.push(query));
    const { claims } = await store().claim('owner', 8);
    fixture.knex.removeAllListeners('query');

    expect(claims).toEqual([]);
    expect(queries).toHaveLength(1);
    expect(await explain(fixture, queries[0])).not.toMatch(
      /seq scan|scan (?:other|operations)\b|position_unique/i,
    );
  });

  it('count those ahead', async () => {
    const lockKey = 'azure-vm:vvp/vvp-pbx';
    const ids: string[] = [];
    for (let index = 0; index < 3; index++) {
      const operation = await fixture.operation({ lockKey });
      ids.push((await fixture.engine().submit(operation)).id);
    }
    await store().claim('owner', 8);

    const ahead = await Promise.all(
      ids.map(async operationId => (await fixture.read(operationId)).ahead),
    );
    expect(ahead).toEqual([undefined, 1, 2]);
  });
});

/** Operations that are long over. */
async function addHistory(
  { knex, environment }: EngineFixture,
  count: number,
): Promise<void> {
  const { serviceId, environmentId } = await environment();
  const rows = Array.from({ length: count }, (_, index) => ({
    id: uuid(),
    position: 1_000 + index,
    service_id: serviceId,
    environment_id: environmentId,
    kind: 'restart',
    status: 'succeeded',
    phase: 'forward',
    lock_key: 'azure-vm:vvp/vvp-pbx',
    requested_by: 'user:default/dana',
    automatic: false,
    context: '{}',
    created_at: '2026-01-01T00:00:00.000Z',
    due_at: '2026-01-01T00:00:00.000Z',
  }));
  await knex.batchInsert('operations', rows, 100);
  await knex.raw('analyze');
}

async function explain(
  { knex }: EngineFixture,
  query: { sql: string; bindings: unknown[] },
): Promise<string> {
  const bindings = query.bindings as string[];
  if (knex.client.config.client !== 'pg') {
    return JSON.stringify(
      await knex.raw(`explain query plan ${query.sql}`, bindings),
    );
  }
  const { rows } = await knex.raw(
    `explain ${query.sql.replace(/\$\d+/g, '?')}`,
    bindings,
  );
  return JSON.stringify(rows);
}
