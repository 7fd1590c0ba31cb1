import { TestDatabases } from '@backstage/backend-test-utils';
import { migratedDatabase } from '../__testUtils__/migratedDatabase';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import {
  PRODUCTION,
  REPOSITORY,
} from '../promotions/__testUtils__/life/githubPayloads';
import { githubError, startAnswers } from './__testUtils__/startAnswers';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe.each(oneDatabase(databases))(
  'answers to GitHub, on %s',
  databaseId => {
    let world: Awaited<ReturnType<typeof startAnswers>>;

    beforeEach(async () => {
      world = await startAnswers(await migratedDatabase(databases, databaseId));
    });

    /** A run whose job waits, as the portal has heard. */
    async function ask() {
      const run = world.run();
      await world.deliver();
      return run;
    }

    /** GitHub answers so in place of what it would. */
    const answerWith = (
      what:
        | 'getWorkflowRun'
        | 'getPendingDeploymentsForRun'
        | 'listJobsForWorkflowRun',
      answer: () => Promise<unknown>,
    ) =>
      Object.assign(world.client.rest.actions, { [what]: jest.fn(answer) })[
        what
      ] as unknown as jest.Mock;

    describe('that are given', () => {
      it('let a job in once, and say so', async () => {
        world.decider.decision = 'approve';
        const run = await ask();

        await world.look();
        await world.deliver();
        await world.look();

        expect(world.github.told).toEqual([
          expect.objectContaining({ run, state: 'approved' }),
        ]);
        expect(world.decider.told).toEqual(['answered approved']);
        expect(await world.callback()).toMatchObject({
          state: 'approved',
          lease_owner: null,
        });
      });

      it('are thought over when somebody takes back what was approved', async () => {
        world.decider.decision = 'approve';
        world.decider.onAnswering = async () => {
          world.decider.decision = 'reject';
          return false;
        };
        await ask();

        await world.look();

        expect(world.github.told.map(({ state }) => state)).toEqual([
          'rejected',
        ]);
        expect(world.decider.told).toEqual(['answered rejected']);
      });

      it('are kept for another time when GitHub refuses one although the job waits', async () => {
        world.decider.decision = 'approve';
        await ask();
        const { request } = world.client;
        Object.assign(world.client, {
          request: () => Promise.reject(githubError(422)),
        });

        await world.look();
        const refused = await world.callback();
        const problems = await world.problems();
        Object.assign(world.client, { request });
        world.world.later(HOUR);
        await world.look();

        expect(refused).toMatchObject({
          state: 'pending',
          decision: null,
          attempts: 1,
        });
        expect(problems).toEqual([expect.stringContaining('GitHub refuses')]);
        expect(await world.callback()).toMatchObject({ state: 'approved' });
        expect(await world.problems()).toEqual([]);
      });

      it('are given up when GitHub refuses one and says that nobody waits', async () => {
        world.decider.decision = 'approve';
        await ask();
        Object.assign(world.client, {
          request: () => Promise.reject(githubError(422)),
        });
        answerWith('getPendingDeploymentsForRun', async () => ({ data: [] }));

        await world.look();

        expect(world.decider.told).toEqual(['gone']);
        expect(await world.callback()).toMatchObject({ state: 'gone' });
        expect(await world.problems()).toEqual([]);
      });
    });

    describe('that cannot be given yet', () => {
      /** Looks so often, each time when it is due. */
      async function pauses(count: number): Promise<number[]> {
        const seconds: number[] = [];
        for (let look = 0; look < count; look++) {
          await world.look();
          const { dueInSeconds } = await world.callback();
          seconds.push(dueInSeconds);
          world.world.later(dueInSeconds);
        }
        return seconds;
      }

      it('are tried again soon at first, and ever more seldom', async () => {
        world.decider.decision = 'approve';
        await ask();
        world.github.mood = 'down';

        expect(await pauses(5)).toEqual([2, 2, 30, 60, 120]);
        expect(await world.callback()).toMatchObject({ attempts: 5 });
        world.github.mood = 'well';
        await world.look();
        expect(await world.callback()).toMatchObject({
          state: 'approved',
          attempts: 0,
          problem: null,
        });
      });

      it('wait for as long as GitHub asks', async () => {
        world.decider.decision = 'approve';
        await ask();
        answerWith('getWorkflowRun', () =>
          Promise.reject(githubError(429, { 'retry-after': '600' })),
        );

        const [pause] = await pauses(1);

        expect(Math.round(pause / 10)).toBe(60);
      });

      it('are looked at ever more seldom where no service is known to ask, which is no failure', async () => {
        const run = await ask();
        await world.askAt(run, 'nowhere');
        const dueAfter = async (seconds: number) => {
          world.world.later(seconds);
          await world.look();
          return (await world.callback('nowhere')).dueInSeconds;
        };

        const first = await dueAfter(0);
        const later = await dueAfter(20 * MINUTE);
        const last = await dueAfter(8 * HOUR);

        expect([first, later, last]).toEqual([MINUTE, 5 * MINUTE, HOUR]);
        expect(await world.callback('nowhere')).toMatchObject({
          state: 'pending',
          attempts: 0,
          problem: expect.stringContaining('no service of the catalog'),
        });
        expect(await world.problems()).toEqual([
          expect.stringContaining('no service of the catalog'),
        ]);
      });

      describe('to a run that the portal started, whose job GitHub does not list', () => {
        let listed: unknown;

        beforeEach(async () => {
          world.decider.decision = 'approve';
          const run = world.run();
          world.github.outbox.push(
            ...world
              .lose()
              .filter(
                ({ topic }) => topic === 'github.deployment_protection_rule',
              ),
          );
          await world.dispatched(run);
          await world.deliver();
          listed = world.client.rest.actions.listJobsForWorkflowRun;
          answerWith('listJobsForWorkflowRun', async () => ({
            data: [],
          }));
          await world.look();
        });

        it('let it in once it is listed', async () => {
          const { state } = await world.callback();
          Object.assign(world.client.rest.actions, {
            listJobsForWorkflowRun: listed,
          });
          world.world.later(MINUTE);
          await world.look();

          expect(state).toBe('pending');
          expect(world.decider.told).toEqual(['answered approved']);
        });

        it('turn it away if it is not listed after a minute', async () => {
          const { state } = await world.callback();
          world.world.later(MINUTE);
          await world.look();

          expect(state).toBe('pending');
          expect(world.decider.told).toEqual(['answered rejected']);
        });
      });

      it('are left to the next process by one that stops, as if it had not looked', async () => {
        await ask();
        const stopping = new AbortController();
        world.decider.onAsked = async () => stopping.abort(new Error('Stops'));

        const looked = await world.look(stopping.signal);

        expect(looked).toBe(1);
        expect(await world.callback()).toMatchObject({
          state: 'pending',
          attempts: 0,
          problem: null,
          lease_owner: null,
          dueInSeconds: 0,
        });
        expect(await world.problems()).toEqual([]);
      });
    });

    describe('that nobody waits for any more', () => {
      it('are not given to a run that is gone', async () => {
        world.decider.decision = 'approve';
        await ask();
        answerWith('getWorkflowRun', () => Promise.reject(githubError(404)));

        await world.look();

        expect(world.decider.told).toEqual(['gone']);
        expect(await world.callback()).toMatchObject({ state: 'gone' });
      });

      it('are given to a run whose repository was only hidden for a time', async () => {
        world.decider.decision = 'approve';
        await ask();
        const { getWorkflowRun } = world.client.rest.actions;
        const { get } = world.client.rest.repos;
        answerWith('getWorkflowRun', () => Promise.reject(githubError(404)));
        Object.assign(world.client.rest.repos, {
          get: () => Promise.reject(githubError(404)),
        });

        await world.look();
        const hidden = await world.callback();
        Object.assign(world.client.rest.actions, { getWorkflowRun });
        Object.assign(world.client.rest.repos, { get });
        world.world.later(HOUR);
        await world.look();

        expect(hidden).toMatchObject({ state: 'pending', attempts: 1 });
        expect(await world.callback()).toMatchObject({ state: 'approved' });
      });

      it('are given up when GitHub has given up itself, after a month', async () => {
        await ask();
        await world.look();
        world.world.later(30 * DAY);
        await world.look();
        const before = await world.callback();
        world.world.later(DAY + 1);
        await world.look();

        expect(before.state).toBe('pending');
        expect(world.decider.told).toEqual(['gone']);
        expect(await world.callback()).toMatchObject({ state: 'gone' });
      });

      it('are asked for at GitHub before anything is said to what waited for hours unheard', async () => {
        const run = world.run();
        const asked = world.lose();
        world.world.later(3 * HOUR);
        world.github.cancel(run);
        world.lose();
        world.github.outbox.push(...asked);
        await world.deliver();

        await world.look();

        expect(world.decider.questions).toEqual([]);
        expect(world.decider.told).toEqual(['cancelled']);
        expect(await world.callback()).toMatchObject({
          state: 'gone',
          comments: 0,
        });
      });

      it('are told of with who was the last to decide at GitHub', async () => {
        const run = await ask();
        world.github.review(run, 'approved', 'ines');
        await world.deliver();
        await world.look();
        world.world.later(MINUTE);
        world.github.again(run);
        world.github.review(run, 'approved', 'omar');
        await world.deliver();
        await world.look();

        expect(world.decider.told).toEqual([
          'let-through by ines',
          'let-through by omar',
        ]);
        expect(world.github.told).toEqual([]);
      });

      it('let a later attempt ask anew that is heard of at the same time', async () => {
        const run = await ask();
        await world.look();
        world.world.later(MINUTE);
        world.github.cancel(run);
        world.github.again(run);
        await world.deliver();
        const now = world.world.now.toISOString();

        await world.look();

        expect(world.decider.told).toEqual(['cancelled']);
        expect(
          world.decider.questions.map(({ askedAt }) => askedAt > now),
        ).toEqual([false, true]);
      });

      it('let it ask anew, too, where whoever heard of both got no further', async () => {
        const run = await ask();
        await world.look();
        world.world.later(MINUTE);
        world.github.cancel(run);
        world.github.again(run);
        await world.deliver();
        const cancelledAt = world.world.now.toISOString();
        jest
          .spyOn(world.decider, 'onAsked')
          .mockRejectedValueOnce(new Error('The catalog does not answer'));
        await world.look();
        world.world.later(MINUTE);

        await world.look();

        expect(world.decider.told).toEqual(['cancelled']);
        expect(
          world.decider.questions.map(({ askedAt }) => askedAt > cancelledAt),
        ).toEqual([false, true]);
      });

      it('are told of although GitHub does not say who decided', async () => {
        const run = await ask();
        world.github.review(run, 'approved', 'ines');
        await world.deliver();
        world.github.mood = 'down';

        await world.look();

        expect(world.decider.told).toEqual(['let-through']);
        expect(await world.callback()).toMatchObject({ state: 'gone' });
      });
    });

    describe('that people give', () => {
      /** A run whose job waits for a reviewer, and asks nobody else. */
      async function askForReview(run = world.run(), events = world.lose()) {
        world.github.outbox.push(
          ...events.filter(
            ({ topic }) => topic !== 'github.deployment_protection_rule',
          ),
        );
        await world.deliver();
        const [job] = world.github.waiting(run);
        await world.store.record(
          {
            repository: REPOSITORY,
            runId: String(run.id),
            environment: PRODUCTION,
            deploymentId: String(job.deploymentId),
          },
          world.world.now,
          'review',
        );
        return run;
      }

      it('are awaited, and never given by the portal', async () => {
        world.decider.decision = 'approve';
        await askForReview();

        await world.look();
        world.world.later(HOUR);
        await world.look();

        expect(world.github.told).toEqual([]);
        expect(world.decider.told).toEqual([
          'a review is awaited',
          'a review is awaited',
        ]);
        expect(await world.callback()).toMatchObject({
          kind: 'review',
          state: 'pending',
          comments: 0,
        });
      });

      it('are not asked for at GitHub again and again while nothing is decided', async () => {
        await askForReview();
        const pending = answerWith('getPendingDeploymentsForRun', async () => ({
          data: [{ environment: { name: 'Production' }, reviewers: [{}] }],
        }));

        await world.look();
        const first = pending.mock.calls.length;
        world.world.later(HOUR);
        await world.look();

        expect(first).toBe(1);
        expect(pending.mock.calls).toHaveLength(1);
        expect(world.decider.told).toEqual([]);
        expect(await world.callback()).toMatchObject({ dueInSeconds: MINUTE });
      });

      it('do not stand for the answer of the portal, whose question comes late', async () => {
        world.decider.decision = 'approve';
        const run = world.run();
        const isRule = ({ topic }: { topic: string }) =>
          topic === 'github.deployment_protection_rule';
        const events = world.lose();
        await askForReview(run, events);
        await world.store.settleReviewed(
          {
            repository: REPOSITORY,
            runId: `${run.id}`,
            environment: PRODUCTION,
          },
          'approved',
          world.world.now,
        );
        world.github.outbox.push(...events.filter(isRule));
        await world.deliver();

        await world.look();

        expect(world.github.told).toEqual([
          expect.objectContaining({ run, state: 'approved' }),
        ]);
      });

      it('are seen although no event tells of them', async () => {
        world.decider.decision = 'approve';
        const run = await askForReview();
        world.github.review(run, 'approved', 'ines');
        world.lose();

        await world.look();

        expect(world.decider.told).toEqual(['let-through by ines']);
        expect(await world.callback()).toMatchObject({ state: 'gone' });
      });
    });
  },
);
