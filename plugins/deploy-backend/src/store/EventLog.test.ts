import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { EventLog } from './EventLog';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const noon = new Date('2026-01-05T12:00:00.000Z');
const minutesLater = (minutes: number) =>
  new Date(noon.getTime() + minutes * 60_000);

describe.each(databases.eachSupportedId())('EventLog on %s', databaseId => {
  async function open() {
    const knex = await migratedDatabase(databases, databaseId);
    return { knex, log: new EventLog(knex) };
  }

  async function append(log: EventLog, count: number) {
    for (let index = 0; index < count; index++) {
      await log.append({
        topic: 'github.workflow_job',
        payload: { index },
        receivedAt: noon,
      });
    }
  }

  it('takes the same payload once, whatever the order of its keys', async () => {
    const { log } = await open();
    const event = { topic: 'github.push', receivedAt: noon };

    const first = await log.append({ ...event, payload: { a: 1, b: [2] } });
    const again = await log.append({ ...event, payload: { b: [2], a: 1 } });
    const other = await log.append({ ...event, payload: { a: 1, b: [3] } });
    const elsewhere = await log.append({
      ...event,
      topic: 'github.other',
      payload: { a: 1, b: [2] },
    });

    expect([first, again, other, elsewhere].map(Boolean)).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('gives an event to one process only, and again if that one never settles it', async () => {
    const { log } = await open();
    await append(log, 20);

    expect(await log.claim({ limit: 100, now: noon })).toEqual([]);
    const claims = await Promise.all(
      [1, 2, 3, 4].map(() => log.claim({ limit: 10, now: minutesLater(2) })),
    );
    const ids = claims.flat().map(event => String(event.id));
    expect(ids).toHaveLength(20);
    expect(new Set(ids).size).toBe(20);

    await log.settle(claims.flat()[0].id, 'done');
    const again = await log.claim({ limit: 100, now: minutesLater(10) });
    expect(again).toHaveLength(19);
    expect(again[0].attempts).toBe(3);
  });

  it('prunes in bounded steps, oldest first', async () => {
    const { knex, log } = await open();
    await append(log, 25);

    const statements: string[] = [];
    knex.on('query', ({ sql }) => statements.push(sql));
    expect(await log.pruneAll(minutesLater(-1), 10)).toBe(0);
    expect(await log.pruneAll(minutesLater(1), 10)).toBe(25);

    const deletes = statements.filter(sql => sql.startsWith('delete'));
    expect(deletes).toHaveLength(4);
    expect(deletes.every(sql => sql.includes('limit'))).toBe(true);
    expect(await knex('events')).toEqual([]);
  });
});
