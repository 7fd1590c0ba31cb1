import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { DeployEventSource } from '@vvp/backstage-plugin-deploy-node';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { jobFact, REPOSITORY } from '../__testUtils__/facts';
import { EventLog } from '../store/EventLog';
import { ProblemLog } from '../store/ProblemLog';
import { Ingestor } from './Ingestor';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const TOPIC = 'example-ci.job';
const fact = jobFact();
const source: DeployEventSource = {
  id: 'example-ci',
  topics: [TOPIC],
  normalise: () => ({ type: 'facts', repository: REPOSITORY, facts: [fact] }),
};

describe.each(databases.eachSupportedId())('an event on %s', databaseId => {
  /** Takes events in; what follows from them fails so often. */
  async function open(failures: number) {
    const knex = await migratedDatabase(databases, databaseId);
    const clock = { at: new Date('2026-01-05T12:00:00.000Z') };
    const folded: string[] = [];
    const ingestor = new Ingestor({
      sources: [source],
      events: new EventLog(knex),
      problems: new ProblemLog(knex),
      traces: {
        fold: async () => {
          folded.push('folded');
          return { serviceIds: [], unmapped: [] };
        },
      } as never,
      mapper: { mappingsOf: async () => [] } as never,
      logger: mockServices.logger.mock(),
      onPush: async () => {},
      onChange: () => {},
      onFolded: async () => {
        folded.push('followed');
        if (folded.filter(what => what === 'followed').length <= failures) {
          throw new Error('The database is away.');
        }
      },
      now: () => clock.at,
    });
    return {
      ingestor,
      folded,
      /** Seconds until it is looked at again. */
      dueIn: async () => {
        const { due_at: dueAt } = await knex('events').first('due_at');
        return (Date.parse(dueAt) - clock.at.getTime()) / 1000;
      },
      later: (seconds: number) => {
        clock.at = new Date(clock.at.getTime() + seconds * 1000);
      },
      state: async () => (await knex('events').first('state')).state,
      problems: () => knex('ingest_problems').pluck('kind'),
    };
  }

  it('is taken in again until what follows from it is kept', async () => {
    const { ingestor, folded, later, state, dueIn } = await open(1);

    const outcome = await ingestor.receive(TOPIC, { id: 1 });
    const early = await ingestor.retryDue();
    const between = await state();
    later(await dueIn());
    const taken = await ingestor.retryDue();

    expect([outcome, early, between]).toEqual(['postponed', 0, 'pending']);
    expect(taken).toBe(1);
    expect(await state()).toBe('done');
    expect(folded).toEqual(['folded', 'followed', 'folded', 'followed']);
  });

  it('is one, however often it is delivered: while it waits, and afterwards', async () => {
    const { ingestor, folded, later, dueIn } = await open(1);
    const payload = { id: 1, job: { name: 'deploy', status: 'completed' } };
    const again = { job: { status: 'completed', name: 'deploy' }, id: 1 };

    const outcomes = [
      await ingestor.receive(TOPIC, payload),
      await ingestor.receive(TOPIC, again),
    ];
    later(await dueIn());
    await ingestor.retryDue();
    outcomes.push(await ingestor.receive(TOPIC, payload));

    expect(outcomes).toEqual(['postponed', 'duplicate', 'duplicate']);
    expect(folded.filter(what => what === 'followed')).toHaveLength(2);
  });

  it('that fails and fails is tried ever more seldom, and told to administrators at last', async () => {
    const { ingestor, later, dueIn, problems } = await open(100);
    const waits: number[] = [];
    const told: number[] = [];

    await ingestor.receive(TOPIC, { id: 1 });
    for (let look = 0; look < 9; look++) {
      const wait = await dueIn();
      waits.push(wait);
      told.push((await problems()).length);
      later(wait);
      await ingestor.retryDue();
    }

    expect(waits).toEqual([60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
    expect(told).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1]);
  });
});
