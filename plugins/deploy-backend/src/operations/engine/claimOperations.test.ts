import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { migratedDatabase } from '../../__testUtils__/migratedDatabase';
import { EngineFixture, engineFixture } from './__testUtils__/engineFixture';
import { Claim } from './claimOperations';
import { LeaseLostError, OperationStore } from './OperationStore';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

describe.each(databases.eachSupportedId())('a claim on %s', id => {
  let fixture: EngineFixture;

  beforeEach(async () => {
    fixture = await engineFixture(await migratedDatabase(databases, id));
  });

  afterEach(() => fixture.stop());

  const store = (more: { knex?: Knex; at?: Date } = {}) =>
    new OperationStore({
      knex: more.knex ?? fixture.knex,
      hooks: fixture.hooks,
      now: () => more.at ?? new Date(),
      leaseMs: 30_000,
    });

  /** The database, where something happens after a look at it and before what was found is taken. */
  function andThen(meanwhile: () => Promise<unknown>): Knex {
    return new Proxy(fixture.knex, {
      get: (target, name) =>
        name === 'transaction'
          ? async (run: (tx: Knex.Transaction) => Promise<unknown>) => {
              await meanwhile();
              return target.transaction(run);
            }
          : Reflect.get(target, name),
    });
  }

  it('is for the oldest of each lock key, however many wait for one of them', async () => {
    const submit = async (lockKey: string) =>
      (await store().submit(await fixture.operation({ lockKey }))).id;
    const oldest = await submit('azure-vm:vvp/vvp-pbx');
    await submit('azure-vm:vvp/vvp-pbx');
    await submit('azure-vm:vvp/vvp-pbx');
    const other = await submit('azure-vm:vvp/vvp-web');

    const { claims } = await store().claim('owner', 2);

    expect(claims.map(({ operation }) => operation.id)).toEqual([
      oldest,
      other,
    ]);
  });

  it('gives no fence twice, though another one took it and gave it back meanwhile', async () => {
    await store().submit(await fixture.operation());
    await store().claim('dead', 1);
    const at = new Date(Date.now() + 60_000);
    const fences: number[] = [];
    const knex = andThen(async () => {
      const [quick] = (await store({ at }).claim('quick', 1)).claims;
      fences.push(quick.fence);
      await store({ at }).release(quick, at);
    });

    const slow = await store({ knex, at }).claim('slow', 1);
    const [next] = (await store({ at }).claim('next', 1)).claims;

    expect(slow).toEqual({ claims: [], found: 1 });
    expect([...fences, next.fence]).toEqual([2, 3]);
  });

  it('leaves an operation to who was thought dead, and came back meanwhile', async () => {
    await store().submit(await fixture.operation());
    const [alive] = (await store().claim('alive', 1)).claims;
    const at = new Date(Date.now() + 60_000);
    const knex = andThen(() =>
      store({ at }).extendLeases('alive', [alive.operation.id]),
    );

    expect(await store({ knex, at }).claim('other', 1)).toEqual({
      claims: [],
      found: 1,
    });
    await store({ at }).remember(alive, 0, { before: 'v7' });
  });

  it.each([
    [
      'that the same process took over from itself',
      async () => {
        const at = new Date(Date.now() + 60_000);
        expect((await store({ at }).claim('owner', 1)).claims).toHaveLength(1);
      },
    ],
    [
      'that was given back',
      (claim: Claim) => store().release(claim, new Date()),
    ],
  ])('writes nothing more to an operation %s', async (_, lose) => {
    await store().submit(await fixture.operation());
    const [old] = (await store().claim('owner', 1)).claims;
    await lose(old);

    await expect(store().remember(old, 0, {})).rejects.toThrow(LeaseLostError);
    await expect(
      store().write(old, old.state, state => state, { release: () => true }),
    ).rejects.toThrow(LeaseLostError);
  });
});
