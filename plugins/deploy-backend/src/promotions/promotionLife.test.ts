import { TestDatabases } from '@backstage/backend-test-utils';
import fc from 'fast-check';
import { Knex } from 'knex';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { calmDown } from './__testUtils__/life/calmDown';
import { LifeRun, Tally } from './__testUtils__/life/LifeRun';
import { LifeWorld, Rule } from './__testUtils__/life/LifeWorld';
import { portalSteps } from './__testUtils__/life/portalSteps';
import { Random } from './__testUtils__/life/random';
import { worldSteps } from './__testUtils__/life/worldSteps';

jest.setTimeout(480_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const steps = { ...worldSteps, ...portalSteps };

/** How often each comes; those left out come once. */
const weights: Partial<Record<keyof typeof steps, number>> = {
  push: 3,
  'deliver all': 4,
  deliver: 4,
  work: 5,
  approve: 16,
  'ask first': 3,
  override: 8,
  freeze: 5,
  lock: 4,
  hold: 4,
  'the gate waits, or no longer': 8,
  'another artifact': 3,
  'another run of a release': 3,
  progress: 4,
  answer: 4,
  settle: 12,
  race: 12,
  crash: 6,
  mend: 6,
  wait: 4,
};

const action = fc.record({
  do: fc.oneof(
    ...(Object.keys(steps) as (keyof typeof steps)[]).map(name => ({
      weight: weights[name] ?? 1,
      arbitrary: fc.constant(name),
    })),
  ),
  random: fc.nat(),
});

const rules = fc.array(
  fc.record<Rule>({
    team: fc.constantFrom('platform', 'platform', 'security', 'anyone'),
    required: fc.constantFrom(1, 1, 2),
  }),
  { maxLength: 2 },
);

const policy = fc.record({
  rules,
  order: fc.constantFrom('none' as const, 'previous' as const),
});

const SEED = Number(process.env.PROMOTION_LIFE_SEED ?? 20_261_121);

describe.each(databases.eachSupportedId())(
  'the life of promotions on %s',
  databaseId => {
    const tally = new Tally();
    let knex: Knex;

    beforeAll(async () => {
      knex = await migratedDatabase(databases, databaseId);
    });

    it('lets in what may go in, once, and strands nobody', async () => {
      const whole = fc.assert(
        fc.asyncProperty(
          fc.tuple(policy, policy),
          fc.array(action, { minLength: 10, maxLength: 40, size: 'max' }),
          async (policies, actions) => {
            const world = await LifeWorld.create(knex, policies);
            const run = new LifeRun(world, tally);
            worldSteps.push(run, new Random(1));
            for (const { do: name, random } of actions) {
              await steps[name](run, new Random(random));
              await run.check();
              world.later(1);
            }
            await calmDown(run);
          },
        ),
        {
          seed: SEED,
          endOnFailure: process.env.PROMOTION_LIFE_SHRINK === undefined,
          numRuns: Number(
            process.env.PROMOTION_LIFE_RUNS ??
              (databaseId === 'SQLITE_3' ? 40 : 6),
          ),
        },
      );

      await expect(whole).resolves.toBeUndefined();
    });

    // So that the sequences are known to have been where it matters.
    it('has been everywhere', () => {
      const [statuses, events] =
        databaseId === 'SQLITE_3'
          ? [
              ['awaiting_approval', 'approved', 'executing', 'succeeded'],
              [
                'approval',
                'approved',
                'rejected',
                'crash',
                'let pass order',
                'let pass freeze',
              ],
            ]
          : [['executing'], ['approved']];

      expect([...tally.statuses]).toEqual(expect.arrayContaining(statuses));
      expect([...tally.counts.keys()]).toEqual(expect.arrayContaining(events));
    });
  },
);
