import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../../__testUtils__/migratedDatabase';
import { waitFor } from '../../__testUtils__/waitFor';
import {
  EngineFixture,
  engineFixture,
  plan,
} from './__testUtils__/engineFixture';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

describe.each(databases.eachSupportedId())('an operation on %s', id => {
  let fixture: EngineFixture;

  beforeEach(async () => {
    fixture = await engineFixture(await migratedDatabase(databases, id));
  });

  afterEach(() => fixture.stop());

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
    const engine = fixture.engine({
      knex,
      limits: { leaseMs: 300, heartbeatMs: 20 },
    });
    const reasons: string[] = [];
    fixture.script('long do shift', ({ wait }) =>
      wait(1e9).catch(error => {
        reasons.push(error.message);
        throw error;
      }),
    );
    engine.start();
    await engine.submit(
      await fixture.operation({ label: 'long ', steps: plan('shift') }),
    );
    await waitFor(() => fixture.calls.includes('long do shift'));
    isBroken = true;
    await waitFor(async () => {
      await engine.submit(await fixture.operation({ steps: plan('shift') }));
      return reasons.length > 0;
    });
    isBroken = false;

    expect(reasons[0]).toBe('Another process has taken the operation over.');
  });
});
