import { TestDatabases } from '@backstage/backend-test-utils';
import { reviewPendingDeployment } from '@vvp/backstage-plugin-deploy-backend/src/protection';
import { expectNoViolations } from '../simulators/github/testing';
import {
  OUTSIDER_TOKEN,
  ProtectionWorld,
  REPOSITORY,
  REVIEWER_TOKEN,
  startProtectionWorld,
} from './protectionWorld';

jest.setTimeout(240_000);

// The parts are tested on SQLite as well; the whole, on what production has.
const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const RULE = 'actions/review-custom-gates-for-run';

describe.each(databases.eachSupportedId())(
  'protection rules of GitHub, on %s',
  databaseId => {
    let world: ProtectionWorld;

    beforeAll(async () => {
      world = await startProtectionWorld(databases, databaseId, {
        hoursAgo: 3,
      });
    });

    afterEach(async () => {
      await world.github.clearRestFaults();
      // What a test leaves waiting is not the next one's matter.
      await world
        .knex('protection_callbacks')
        .whereIn('state', ['pending', 'answering'])
        .update({ state: 'gone' });
    });

    afterAll(async () => {
      await expectNoViolations(world.github, `protection-${databaseId}`);
      await world.stop();
    });

    async function callbacksOf(run: number) {
      return world
        .knex('protection_callbacks')
        .where({ run_id: String(run) })
        .orderBy('deployment');
    }

    async function cancel(run: number): Promise<unknown> {
      await world.github.rest(
        'POST',
        `/repos/${REPOSITORY}/actions/runs/${run}/force-cancel`,
        { token: OUTSIDER_TOKEN },
      );
      return world.github.flush();
    }

    it('hold a push until it is approved: nothing of the deploy job happens before', async () => {
      const { decider, look } = world.replicas();
      const run = await world.push();
      await look();
      const before = await world.jobEvents(run);
      const [callback] = await callbacksOf(run);
      const comments = await world.github.ruleReports(REPOSITORY, run);

      decider.decisions.set('verifier', 'approve');
      await world.callbacks.changed({ repository: REPOSITORY });
      await look();

      expect(before).toEqual(['waiting']);
      expect(callback).toMatchObject({
        state: 'pending',
        environment: 'production',
        creator: 'dana',
      });
      expect(comments).toEqual([
        expect.objectContaining({
          comment: `Waits for one approval.\n\nReference: ${callback.id}`,
        }),
      ]);
      expect(comments[0].state).toBeUndefined();
      expect(await world.production(run)).toEqual({ verifier: 'success' });
      expect((await world.jobEvents(run)).slice(1)).toEqual([
        'queued',
        'in_progress',
        'completed',
      ]);
      expect(await world.answers(run)).toHaveLength(1);
      expect(decider.answered).toEqual(['approved']);
      expect(decider.elsewhere).toEqual([]);
      expect((await callbacksOf(run))[0].state).toBe('approved');
    });

    it('end the job when it is rejected, before it has begun', async () => {
      const { decider, look } = world.replicas();
      decider.decisions.set('verifier', 'reject');
      const run = await world.push();

      await look();

      expect(await world.production(run)).toEqual({ verifier: 'failure' });
      expect(await world.jobEvents(run)).toEqual(['waiting', 'completed']);
      expect(await world.answers(run)).toEqual([
        expect.objectContaining({ state: 'rejected' }),
      ]);
      expect(decider.elsewhere).toEqual([]);
    });

    it('let no service in by what another one was given', async () => {
      const { decider, look } = world.replicas();
      const run = await world.push(['verifier', 'issuer']);
      decider.decisions.set('verifier', 'approve');
      await look();
      const between = await world.production(run);

      decider.decisions.set('issuer', 'approve');
      world.later(2);
      await look();

      expect(between).toEqual({ verifier: 'waiting', issuer: 'waiting' });
      expect(decider.servicesOf(decider.asked[0])).toEqual([
        'issuer',
        'verifier',
      ]);
      expect(await world.production(run)).toEqual({
        verifier: 'success',
        issuer: 'success',
      });
      expect(await world.answers(run)).toHaveLength(1);
      expect((await callbacksOf(run)).map(one => one.state)).toEqual([
        'approved',
        'approved',
      ]);
    });

    it('ask GitHub who else waits before they let anybody in', async () => {
      const { decider, look } = world.replicas();
      decider.decisions.set('verifier', 'approve');
      await world.github.setFaults({
        drop: Array.from({ length: 300 }, (_, index) => index + 1),
      });
      const run = await world.push(['verifier', 'issuer']);
      await world.github.setFaults({});
      const dropped = await world.github.deliveries();
      const details = await Promise.all(
        dropped
          .filter(
            one =>
              one.status === 'dropped' &&
              (one.event === 'deployment_protection_rule' ||
                one.action === 'waiting'),
          )
          .map(one => world.github.delivery(one.id)),
      );
      // Of all that GitHub sent, only what the verifier's job said comes in.
      const rule = details.find(
        one => one.event === 'deployment_protection_rule',
      );
      const job = details.find(one =>
        one.body.includes('"name":"deploy-verifier"'),
      );
      await world.github.redeliver(job!.id);
      await world.github.redeliver(rule!.id);
      await world.github.flush();

      await look();

      expect(await world.production(run)).toEqual({
        verifier: 'waiting',
        issuer: 'waiting',
      });
      const asked = decider.asked.map(one => decider.servicesOf(one));
      expect(asked[0]).toEqual(['verifier']);
      expect(asked[1]).toEqual(['issuer', 'verifier']);
    });

    it('are answered once by three replicas at once', async () => {
      const { decider, look } = world.replicas(3);
      decider.decisions.set('verifier', 'approve');
      decider.decisions.set('issuer', 'approve');
      const runs = [
        await world.push(),
        await world.push(['verifier', 'issuer']),
        await world.push(['issuer']),
      ];

      await Promise.all([look(), look(), look()]);
      await look();

      for (const run of runs) {
        expect(await world.answers(run)).toHaveLength(1);
        expect(
          Object.values(await world.production(run)).every(
            state => state === 'success',
          ),
        ).toBe(true);
      }
      expect(decider.answered).toHaveLength(runs.length);
    });

    it('are not answered again when the answer of GitHub was lost', async () => {
      const { decider, look } = world.replicas(3);
      decider.decisions.set('verifier', 'approve');
      const run = await world.push();
      await world.github.failRest(RULE, {
        status: 502,
        cut: true,
        carriedOut: true,
      });
      await look();
      const between = await callbacksOf(run);

      world.later(5);
      await look();

      expect(between[0]).toMatchObject({
        state: 'pending',
        decision: 'approved',
        problem: expect.stringContaining('GitHub could not be reached'),
      });
      expect(await world.answers(run)).toHaveLength(1);
      expect(decider.answered).toEqual(['approved']);
      expect((await callbacksOf(run))[0].state).toBe('approved');
    });

    it('are not answered again when a replica dies between the answer and its note', async () => {
      const { decider, all, look } = world.replicas(3);
      decider.decisions.set('verifier', 'approve');
      const run = await world.push();
      const isDead = new Promise<void>(reached => {
        decider.afterAnswer = () => {
          reached();
          // It never comes back.
          return new Promise(() => {});
        };
      });
      // eslint-disable-next-line no-void
      void all[0].answerDue(new AbortController().signal);
      await isDead;
      decider.afterAnswer = async () => {};
      await look();
      const whileLeased = await callbacksOf(run);

      world.later(5);
      await look();

      expect(whileLeased[0].state).toBe('answering');
      expect(await world.answers(run)).toHaveLength(1);
      expect(decider.answered).toEqual(['approved', 'approved']);
      expect((await callbacksOf(run))[0].state).toBe('approved');
    });

    it('are judged again when a replica dies before it has answered', async () => {
      const { decider, look } = world.replicas(3);
      decider.decisions.set('verifier', 'approve');
      const run = await world.push();
      await world.github.failRest(RULE, { status: 502, cut: true });
      await look();

      decider.decisions.delete('verifier');
      world.later(5);
      await look();

      expect(await world.answers(run)).toEqual([]);
      expect(await world.production(run)).toEqual({ verifier: 'waiting' });
    });

    it.each([
      [
        'an administrator bypasses them',
        (run: number) =>
          world.github.bypassRules(REPOSITORY, run, 'production'),
        'let-through',
        'success',
      ],
      [
        'the run is cancelled',
        (run: number) => cancel(run),
        'cancelled',
        'cancelled',
      ],
    ])('tell when %s', async (_name, decide, decision, outcome) => {
      const { decider, look } = world.replicas();
      const run = await world.push();
      await look();

      await decide(run);
      await world.github.flush();
      await look();

      expect(await world.production(run)).toEqual({ verifier: outcome });
      expect(decider.elsewhere).toEqual([{ decision, services: ['verifier'] }]);
      expect(await world.answers(run)).toEqual([]);
      expect((await callbacksOf(run))[0].state).toBe('gone');
    });

    it('say what the app lacks, and go on once it has it', async () => {
      const { decider, look } = world.replicas();
      decider.decisions.set('verifier', 'approve');
      const run = await world.push();
      await world.github.failRest(RULE, {
        status: 403,
        message: 'Resource not accessible by integration',
      });
      await look();
      const [refused] = await callbacksOf(run);
      const problems = await world.problems();

      world.later(5);
      await look();

      expect(refused).toMatchObject({ state: 'pending', decision: null });
      expect(refused.problem).toContain('"Deployments: write"');
      expect(problems).toContainEqual(
        expect.objectContaining({
          kind: 'protection-rule',
          repository: REPOSITORY,
          subject: 'production',
          message: expect.stringContaining('"Deployments: write"'),
        }),
      );
      expect(await world.production(run)).toEqual({ verifier: 'success' });
      expect(await world.problems()).not.toContainEqual(
        expect.objectContaining({ kind: 'protection-rule' }),
      );
    });

    it('are kept once, however often GitHub asks, and found by the poll if it was not heard', async () => {
      const { decider, look } = world.replicas();
      const run = await world.push();
      const asked = (await world.github.deliveries()).filter(
        one => one.event === 'deployment_protection_rule',
      );
      await world.github.redeliver(asked[asked.length - 1].id);
      await world.github.flush();
      await world.github.setFaults({
        drop: Array.from({ length: 300 }, (_, index) => index + 1),
      });
      const unheard = await world.push();
      await world.github.setFaults({});
      const before = await callbacksOf(unheard);

      await world.poll();
      decider.decisions.set('verifier', 'approve');
      await look();

      expect(await callbacksOf(run)).toHaveLength(1);
      expect(before).toEqual([]);
      expect(await world.production(unheard)).toEqual({ verifier: 'success' });
    });

    it('comment what changed, and no more than GitHub takes', async () => {
      const { decider, look } = world.replicas();
      const run = await world.push();
      for (let round = 0; round < 15; round++) {
        decider.comment = `Round ${round}: ${'🚦'.repeat(800)}`;
        world.later(200);
        await look();
        world.later(2);
        await look();
      }

      const reports = await world.github.ruleReports(REPOSITORY, run);

      expect(reports).toHaveLength(8);
      for (const { comment } of reports) {
        expect(comment.length).toBeLessThanOrEqual(1024);
        expect(comment).toMatch(/🚦…\n\nReference: /u);
      }
    });

    it('of named reviewers take a review of the approver, by the approver’s own token', async () => {
      const environment = 'production';
      await world.github.setEnvironment(REPOSITORY, environment, {
        reviewers: ['omar'],
      });
      const run = await world.push();
      const review = {
        repository: REPOSITORY,
        runId: String(run),
        environment,
        state: 'approved' as const,
        comment: 'Approved in the portal',
      };
      const reviewAs = (token: string) =>
        reviewPendingDeployment(world.access, { ...review, token }).then(
          () => 'taken',
          (error: Error) => `${error.name}: ${error.message} ${error.stack}`,
        );

      const refusals = [
        await reviewAs(OUTSIDER_TOKEN),
        await reviewAs('token-of-nobody'),
      ];
      const taken = await reviewAs(REVIEWER_TOKEN);
      const again = await reviewAs(REVIEWER_TOKEN);

      await world.github.setEnvironment(REPOSITORY, environment, {
        customRule: true,
      });
      expect(refusals[0]).toMatch(/^NotAllowedError: GitHub does not let you/);
      expect(refusals[1]).toMatch(/^NotAllowedError: GitHub does not take/);
      expect(refusals.join()).not.toContain('token-of');
      expect(taken).toBe('taken');
      expect(again).toMatch(/^ConflictError: Nothing of run/);
      expect(await world.production(run)).toEqual({ verifier: 'success' });
    });
  },
);
