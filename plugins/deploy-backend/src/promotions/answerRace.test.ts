import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { raceAt } from './__testUtils__/life/answerRace';

jest.setTimeout(240_000);

/** Fewer than the turns between the decision and the answer. */
const STEP = 5;

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

it.each(databases.eachSupportedId())(
  'nothing that was cancelled while GitHub is answered is let in, on %s',
  async databaseId => {
    const knex = await migratedDatabase(databases, databaseId);

    const ends = new Set<string>();
    let turn = 0;
    for (let isOver = false; !isOver; turn += STEP) {
      const end = await raceAt(knex, turn);
      ends.add(`${end.promotion} ${end.job}`);
      isOver = end.turns < turn;
    }

    // It is cancelled and turned away, or it was too late to cancel it.
    expect([...ends].sort()).toEqual([
      'cancelled completed',
      'executing queued',
    ]);
    expect(turn).toBeGreaterThan(20);
  },
);
