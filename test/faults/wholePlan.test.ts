import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/migratedDatabase';
import knexFactory, { Knex } from 'knex';
import type { GithubSimulator } from '../simulators/github/client';
import { expectNoViolations } from '../simulators/github/testing';
import { startWorkflowGithub } from '../targets/githubWorkflowWorld';
import { bundleProcess } from '../processes/bundleProcess';
import { configOf, createSqlite, KilledCase, saveKills } from './describeKills';
import type { PortalOrder } from './wholePlan/corePortal';
import {
  ANSWERED,
  dieAt,
  everywhere,
  isStoring,
  Moment,
} from './wholePlan/deaths';
import {
  expectAsBefore,
  expectRolledBack,
  stepOf,
  STEPS,
} from './wholePlan/expectations';
import { everyMoment } from './sampling';
import { Aftermath, PlanKiller } from './wholePlan/PlanKiller';

// Each kill takes a process of its own.
jest.setTimeout(300_000);

const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const names = ['PostgreSQL', 'SQLite'] as const;

/** A database with a GitHub of its own: both are worked on side by side. */
interface Lane {
  name: (typeof names)[number];
  github: GithubSimulator;
  knex: Knex;
  killer: PlanKiller;
}

/** A process that lacks something, after another one that died. */
interface Lack {
  died: Moment;
  lacking: (order: PortalOrder) => Partial<PortalOrder>;
  /** What the operation says then. */
  said: RegExp;
  /** Of the steps that were begun more than once in the end. */
  attempts: Record<string, number>;
}

const noCredentials = {
  lacking: () => ({ access: 'none' as const }),
  said: /has no credentials for the platform/,
};

const lacks: Lack[] = [
  {
    // Nothing is changed yet: it is let through once more when it goes on.
    died: 'after stop-runs',
    ...noCredentials,
    attempts: { 'stop-runs': 2, switch: 2 },
  },
  {
    died: 'before switch: log in switch',
    lacking: () => ({ access: 'no-module' }),
    said: /cannot drive targets of the type azure-container-app/,
    attempts: { switch: 3 },
  },
  {
    died: `before smoke-test: ${ANSWERED}`,
    lacking: ({ github }) => ({
      github: github.map(integration => ({ ...integration, token: 'revoked' })),
    }),
    said: /GitHub does not take the portal's credentials/,
    attempts: { 'smoke-test': 3 },
  },
  {
    died: 'before confirm-again: remembered in confirm-again',
    ...noCredentials,
    attempts: { 'confirm-again': 3 },
  },
];

describe('a process that is killed in a whole rollback', () => {
  const kept = new Map<string, KilledCase>();
  let folder: string;
  let lanes: Lane[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deploy-plans-'));
    const configs = {
      PostgreSQL: configOf(await migratedDatabase(databases, 'POSTGRES_15')),
      SQLite: await createSqlite(join(folder, 'deploy.sqlite')),
    };
    const victim = await bundleProcess(
      require.resolve('./wholePlan/planProcess.ts'),
    );
    lanes = await Promise.all(
      names.map(async name => {
        const database = configs[name];
        const github = await startWorkflowGithub();
        const knex = knexFactory(database);
        const killer = new PlanKiller({
          process: victim,
          github,
          knex,
          database,
          prefix: name.toLowerCase(),
          folder,
        });
        return { name, github, knex, killer };
      }),
    );
  });

  afterAll(async () => {
    await saveKills('whole plan', [...kept.values()]);
    for (const { name, github, knex, killer } of lanes) {
      killer.stop();
      await knex.destroy();
      await expectNoViolations(github, `whole-plan-${name.toLowerCase()}`);
      await github.stop();
    }
    await rm(folder, { recursive: true });
  });

  /** On both databases, or at those moments that matter to the second one, too. */
  async function onBoth(
    title: string,
    momentsOf: (lane: Lane) => readonly Moment[],
    check: (lane: Lane, moment: Moment) => Promise<Aftermath>,
    kills = 1,
  ): Promise<void> {
    await Promise.all(
      lanes.map(async lane => {
        for (const moment of momentsOf(lane)) {
          try {
            const { operation } = await check(lane, moment);
            count(`${title}, on ${lane.name}`, operation, kills);
          } catch (error) {
            throw new Error(
              `On ${lane.name}, after the death at ${moment}: ${error}`,
            );
          }
        }
      }),
    );
  }

  function count(
    title: string,
    { status, outcome }: Aftermath['operation'],
    kills: number,
  ): void {
    const all = (kept.get(title)?.kills ?? 0) + kills;
    const end = `${status}, ${outcome}`;
    kept.set(title, { title, kills: all, outcomes: { [end]: all } });
  }

  it('is killed in each of its steps', () => {
    const steps = Object.values(everywhere).flat().map(stepOf);

    expect([...new Set(steps)].filter(Boolean)).toEqual(STEPS);
  });

  it.each(Object.entries(everywhere))(
    'leaves it to another one, which ends it as if nothing had been: %s',
    async (_step, moments) => {
      const chosen = everyMoment ? moments : moments.slice(0, 1);
      await onBoth(
        'a whole rollback',
        ({ name }) => (name === 'SQLite' ? chosen.filter(isStoring) : chosen),
        async ({ killer, knex }, moment) => {
          const aftermath = await killer.killAt(dieAt(moment));
          const died = stepOf(moment);
          await expectRolledBack(knex, aftermath, died ? { [died]: 2 } : {});
          return aftermath;
        },
      );
    },
  );

  it('leaves one whose smoke test fails to another one', async () => {
    await onBoth(
      'a whole rollback that fails',
      ({ name }) =>
        name === 'SQLite'
          ? ['before undoing smoke-test', 'after undoing smoke-test']
          : [
              ['before undoing switch: log in switch', 2],
              'after undoing switch: after update environments',
            ],
      async ({ killer, knex }, moment) => {
        const aftermath = await killer.killAt(dieAt(moment), {
          smokeTest: 'failure',
        });
        await expectAsBefore(knex, aftermath);
        const { status, failure } = aftermath.operation;
        expect(status).toBe('failed');
        expect(failure?.message).toContain('smoke');
        await expectTested(aftermath, 'failure');
        return aftermath;
      },
    );
  });

  it('leaves one that was cancelled to another one, which stops the smoke test once', async () => {
    const first = 'before smoke-test: waiting in smoke-test';
    await onBoth(
      'a whole rollback that is cancelled',
      ({ name }) =>
        name === 'SQLite'
          ? ['before undoing smoke-test']
          : [`before undoing smoke-test: ${ANSWERED}`],
      async ({ killer, knex }, moment) => {
        const aftermath = await killer.killAt(dieAt(first), {
          smokeTest: 'goes on',
          meanwhile: async world => {
            await killer.cancel(world, 'user:default/erin');
            await killer.dieIn(world, dieAt(moment));
          },
        });
        await expectAsBefore(knex, aftermath);
        expect(aftermath.operation).toMatchObject({
          status: 'cancelled',
          cancelRequested: { by: 'user:default/erin' },
        });
        // Two pipelines and the smoke test.
        expect(aftermath.cancels).toBe(3);
        await expectTested(aftermath, 'cancelled');
        return aftermath;
      },
      2,
    );
  });

  it('leaves one to a portal that lacks something, where it waits and says for what, until a third one has it', async () => {
    await onBoth(
      'a whole rollback, taken over without credentials',
      ({ name }) =>
        lacks
          .filter((_, index) => names[index % names.length] === name)
          .map(({ died }) => died),
      async ({ killer, knex }, moment) => {
        const lack = lacks.find(({ died }) => died === moment)!;
        const aftermath = await killer.killAt(dieAt(moment), {
          meanwhile: async world => {
            const operation = await killer.parkIn(
              world,
              lack.lacking(world.order),
            );
            expect(operation).toMatchObject({
              status: 'running',
              parked: {
                message: expect.stringMatching(lack.said),
                since: expect.any(String),
              },
            });
          },
        });
        expect(aftermath.operation).not.toHaveProperty('parked');
        await expectRolledBack(knex, aftermath, lack.attempts);
        return aftermath;
      },
      2,
    );
  });
});

/** The smoke test ran once, and so. */
async function expectTested(
  { world }: Aftermath,
  conclusion: string,
): Promise<void> {
  const tests = await world.smokeTests();
  expect(tests.map(test => test.conclusion)).toEqual([conclusion]);
}
