import { TestDatabases } from '@backstage/backend-test-utils';
import { ConflictError } from '@backstage/errors';
import { migratedDatabase } from '../../__testUtils__/migratedDatabase';
import {
  EngineFixture,
  engineFixture,
  gate,
} from './__testUtils__/engineFixture';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const ERIN = 'user:default/erin';

describe.each(databases.eachSupportedId())('cancelling on %s', id => {
  let fixture: EngineFixture;

  beforeEach(async () => {
    fixture = await engineFixture(await migratedDatabase(databases, id));
  });

  afterEach(() => fixture.stop());

  /** An operation whose first step runs until the test lets it end. */
  async function begin() {
    const engine = fixture.engine();
    const begun = gate();
    const end = gate();
    fixture.script('do activate', async () => {
      begun.open();
      await end.opened;
    });
    const { id: operationId } = await engine.submit(await fixture.operation());
    return { engine, operationId, begun, end };
  }

  const tooLate = async () => {
    throw new ConflictError('It is proven.');
  };

  it.each([
    ['runs', true],
    ['waits for its turn', false],
  ])('is refused, and leaves no trace, of one that %s', async (_, runs) => {
    const { engine, operationId, begun, end } = await begin();
    if (runs) {
      engine.start();
      await begun.opened;
    }

    const cancelling = engine.requestCancel(operationId, ERIN, tooLate);

    await expect(cancelling).rejects.toThrow('It is proven.');
    end.open();
    engine.start();
    const operation = await fixture.end(operationId);
    expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
    expect(operation.cancelRequested).toBeUndefined();
  });

  it('says when who came first asked for it', async () => {
    const { engine, operationId, begun, end } = await begin();
    engine.start();
    await begun.opened;
    const asked = async () => (await fixture.read(operationId)).cancelRequested;

    await engine.requestCancel(operationId, ERIN);
    const first = await asked();
    await fixture
      .knex('operations')
      .where('id', operationId)
      .update({ cancel_requested_at: '2026-01-05T12:00:00.000Z' });
    await engine.requestCancel(operationId, 'user:default/dana');
    const second = await asked();
    end.open();
    await fixture.end(operationId);

    expect(first).toMatchObject({ by: ERIN });
    expect(second).toEqual({ by: ERIN, at: '2026-01-05T12:00:00.000Z' });
  });
});
