import { TestDatabases } from '@backstage/backend-test-utils';
import { expectNoViolations } from '../simulators/github/testing';
import {
  OUTSIDER_TOKEN,
  ProtectionWorld,
  REPOSITORY,
  startProtectionWorld,
} from './protectionWorld';

jest.setTimeout(240_000);

// The parts are tested on SQLite as well; the whole, on what production has.
const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

describe.each(databases.eachSupportedId())(
  'protection rules that somebody walks around, on %s',
  databaseId => {
    let world: ProtectionWorld;

    beforeAll(async () => {
      world = await startProtectionWorld(databases, databaseId);
    });

    afterEach(async () => {
      // What a test leaves waiting is not the next one's matter.
      await world
        .knex('protection_callbacks')
        .whereIn('state', ['pending', 'answering'])
        .update({ state: 'gone' });
    });

    afterAll(async () => {
      await expectNoViolations(
        world.github,
        `protection-evasion-${databaseId}`,
      );
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

    it('let no job in where another service belongs by what its own was given', async () => {
      const { decider, look } = world.replicas();
      decider.decisions.set('issuer', 'approve');
      const run = await world.stray('production-verifier');
      await look();
      await world.callbacks.changed({ repository: REPOSITORY });
      await look();
      const before = await world.states(run);
      const answers = await world.answers(run);

      decider.decisions.set('verifier', 'approve');
      await world.callbacks.changed({ repository: REPOSITORY });
      await look();

      expect(before).toEqual({ 'deploy-issuer-staging': 'waiting' });
      expect(answers).toEqual([]);
      expect(decider.placesOf(decider.asked[0])).toEqual([
        'issuer@staging',
        'verifier@production',
      ]);
      expect(await world.states(run)).toEqual({
        'deploy-issuer-staging': 'success',
      });
    });

    it('let a job of another tier in at a shared environment only as what it asks to be', async () => {
      const { decider, look } = world.replicas();
      const run = await world.stray('production');

      await look();

      expect(decider.asked.map(one => decider.placesOf(one))).toEqual([
        ['issuer@production'],
      ]);
      expect(await world.states(run)).toEqual({
        'deploy-issuer-staging': 'waiting',
      });
    });

    it('let in no job that nobody claims beside one that is let in, and say at the run how to map it', async () => {
      const { decider, look } = world.replicas();
      decider.decisions.set('issuer', 'approve');
      const run = await world.stray('production', ['deploy-issuer', 'notify']);

      await look();
      await world.callbacks.changed({ repository: REPOSITORY });
      await look();
      const states = await world.states(run);
      const reports = await world.github.ruleReports(REPOSITORY, run);
      const problems = await world.problems();
      await cancel(run);
      await look();

      expect(states).toEqual({ 'deploy-issuer': 'waiting', notify: 'waiting' });
      expect(reports).toEqual([
        expect.objectContaining({
          comment: expect.stringMatching(
            /The job notify waits at production .*Map it in deploy/,
          ),
        }),
      ]);
      expect(reports[0].state).toBeUndefined();
      expect(problems).toContainEqual(
        expect.objectContaining({
          kind: 'protection-rule',
          subject: 'production',
          message: expect.stringContaining('"job: notify"'),
        }),
      );
      expect(await world.problems()).not.toContainEqual(
        expect.objectContaining({
          kind: 'protection-rule',
          subject: 'production',
        }),
      );
    });

    it('let nobody in at an environment that nobody declares, and say why', async () => {
      const { decider, look } = world.replicas();
      decider.decisions.set('issuer', 'approve');
      const run = await world.stray('live');

      await look();
      await world.callbacks.changed({ repository: REPOSITORY });
      await look();
      const states = await world.states(run);
      const problems = await world.problems();
      await cancel(run);
      await look();

      expect(states).toEqual({ 'deploy-issuer-staging': 'waiting' });
      expect(await world.answers(run)).toEqual([]);
      expect(decider.asked).toEqual([]);
      expect(decider.elsewhere.map(one => one.decision)).toEqual(['cancelled']);
      expect(problems).toContainEqual(
        expect.objectContaining({
          kind: 'protection-rule',
          subject: 'live',
          message: expect.stringContaining(
            'The job deploy-issuer-staging goes to staging (staging) by its mapping but asks at live',
          ),
        }),
      );
      expect(await world.problems()).not.toContainEqual(
        expect.objectContaining({ kind: 'protection-rule', subject: 'live' }),
      );
    });

    it.each(['in_progress', 'success', 'inactive'])(
      'do not believe a status %s that somebody gave the deployment',
      async state => {
        const { decider, look } = world.replicas();
        const run = await world.push();
        await look();
        await world.forgeStatus(run, state);

        await world.callbacks.changed({ repository: REPOSITORY });
        await look();
        const between = await callbacksOf(run);
        decider.decisions.set('verifier', 'approve');
        await world.callbacks.changed({ repository: REPOSITORY });
        await look();

        expect(between[0].state).toBe('pending');
        expect(decider.elsewhere).toEqual([]);
        expect(decider.answered).toEqual(['approved']);
        expect(await world.production(run)).toEqual({ verifier: 'success' });
      },
    );

    it('tell of no decision where nobody knows whom it was about', async () => {
      const { decider, look } = world.replicas();
      const run = await world.push();
      await look();
      await world.github.bypassRules(REPOSITORY, run, 'production');
      await world.github.flush();
      await world
        .knex('deployments')
        .where({ run_id: String(run) })
        .delete();
      await world.callbacks.changed({ repository: REPOSITORY });
      await look();

      expect(decider.elsewhere).toEqual([]);
      expect((await callbacksOf(run))[0].state).toBe('gone');
    });
  },
);
