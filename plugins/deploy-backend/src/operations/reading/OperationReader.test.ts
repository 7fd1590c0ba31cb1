import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../../__testUtils__/migratedDatabase';
import {
  EngineFixture,
  engineFixture,
  plan,
} from '../engine/__testUtils__/engineFixture';
import { Visibility } from '../../permissions/Authorizer';
import { OperationReader } from './OperationReader';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const everything: Visibility = { everything: true };
const nothing: Visibility = {
  everything: false,
  criteria: { property: 'tier', values: ['staging'] },
};

describe.each(databases.eachSupportedId())('OperationReader on %s', id => {
  let fixture: EngineFixture;
  let reader: OperationReader;

  beforeEach(async () => {
    fixture = await engineFixture(await migratedDatabase(databases, id));
    reader = new OperationReader(fixture.knex);
  });

  afterEach(() => fixture.stop());

  /** Operations of one service, one after the other. */
  async function runSome(count: number) {
    const engine = fixture.engine();
    engine.start();
    const environment = await fixture.environment();
    const ids: string[] = [];
    for (let index = 0; index < count; index++) {
      const operation = await fixture.operation({
        ...environment,
        steps: plan('shift'),
        from: { revision: 'v3' },
        to: { revision: 'v2', commit: 'a'.repeat(40) },
      });
      ids.push((await engine.submit(operation)).id);
      await fixture.end(ids[index]);
    }
    const entityRef = `component:default/${environment.serviceId}`;
    return { ids, entityRef };
  }

  it('gives an operation as the API has it', async () => {
    fixture.script('do shift', control => control.log('shifted'));
    const { ids, entityRef } = await runSome(1);

    expect(await reader.get(ids[0], everything)).toEqual({
      id: ids[0],
      entityRef,
      environment: 'production',
      kind: 'rollback',
      status: 'succeeded',
      requestedBy: 'user:default/dana',
      reason: 'errors',
      from: { revision: 'v3' },
      to: { revision: 'v2', commit: 'a'.repeat(40) },
      lockKey: expect.stringMatching(/^test:/),
      createdAt: expect.any(String),
      startedAt: expect.any(String),
      finishedAt: expect.any(String),
      outcome: 'done',
      steps: [
        {
          name: 'shift',
          title: 'Step shift',
          status: 'succeeded',
          attempts: 1,
          startedAt: expect.any(String),
          finishedAt: expect.any(String),
          log: [
            {
              sequence: 1,
              at: expect.any(String),
              level: 'info',
              text: 'shifted',
            },
          ],
          droppedLines: 0,
        },
      ],
    });
  });

  it('lists them newest first, page by page, without logs', async () => {
    const { ids, entityRef } = await runSome(3);

    const first = await reader.list(entityRef, { limit: 2 }, everything);
    const second = await reader.list(
      entityRef,
      { limit: 2, cursor: first.nextCursor },
      everything,
    );

    expect(
      [...first.items, ...second.items].map(operation => operation.id),
    ).toEqual([...ids].reverse());
    expect(second.nextCursor).toBeUndefined();
    expect(first.items[0].steps).toEqual([
      expect.not.objectContaining({ log: expect.anything() }),
    ]);
  });

  it.each([
    [{ environment: 'production' }, 1],
    [{ environment: 'staging' }, 0],
    [{ status: ['succeeded' as const, 'failed' as const] }, 1],
    [{ status: ['queued' as const] }, 0],
  ])('filters by %p', async (filter, count) => {
    const { entityRef } = await runSome(1);
    const { items } = await reader.list(
      entityRef,
      { ...filter, limit: 10 },
      everything,
    );

    expect(items).toHaveLength(count);
  });

  it('shows nothing that the caller may not see', async () => {
    const { ids, entityRef } = await runSome(1);

    expect(await reader.get(ids[0], nothing)).toBeUndefined();
    expect(await reader.list(entityRef, { limit: 10 }, nothing)).toEqual({
      items: [],
    });
  });
});
