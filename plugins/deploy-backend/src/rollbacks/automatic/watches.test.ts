import { TestDatabases } from '@backstage/backend-test-utils';
import { oneDatabase } from '../../__testUtils__/oneDatabase';
import { waitFor } from '../../__testUtils__/waitFor';
import {
  BAD,
  GOOD,
  PRODUCTION,
  rollback,
  SERVICE,
  startIssuer,
} from '../../operations/__testUtils__/startIssuer';
import { watching } from './__testUtils__/watching';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const CHECKS = 3;
const HOUR_MS = 60 * 60 * 1000;

describe.each(oneDatabase(databases))('watches on %s', databaseId => {
  let issuer: Awaited<ReturnType<typeof startIssuer>>;
  const { beFresh, look, beAway, watchOf, audits } = watching(() => issuer);

  beforeEach(async () => {
    issuer = await startIssuer({
      databases,
      databaseId,
      production: [
        `rollback: { automatic: true, checks: ${CHECKS}, secondsBetweenChecks: 1 }`,
      ],
    });
    await beFresh();
  });

  afterEach(() => issuer.backend.stop());

  const watch = () => watchOf(BAD);

  /** As if the platform had begun with the last release, and that did not get well. */
  function failRollout() {
    const [own] = issuer.platform.revisions;
    own.createdAt = '2026-01-05T12:41:00.000Z';
    own.health = 'unhealthy';
    issuer.platform.serving = 'issuer--2';
  }

  it('tells of the looks so far, and until when there will be more', async () => {
    await look(2);

    expect(await watch()).toEqual({
      state: 'watching',
      startedAt: expect.any(String),
      until: expect.any(String),
      looks: { done: 2, healthy: 2, planned: CHECKS },
    });
    const { watch: current } = (await issuer.production()).currentDeployment;
    expect(Date.parse(current.until)).toBeGreaterThan(
      Date.parse(current.startedAt),
    );
    const signal = await waitFor(() =>
      issuer.backend.signals.find(
        ({ channel }) => channel === 'deploy:component:default/vvp-issuer',
      ),
    );
    expect(signal.message).toEqual({
      entityRef: 'component:default/vvp-issuer',
    });
  });

  it('tells that a deployment proved good', async () => {
    await look(CHECKS);

    expect(await watch()).toEqual({
      state: 'healthy',
      startedAt: expect.any(String),
      looks: { done: CHECKS, healthy: CHECKS },
    });
  });

  it('tells of the rollback that it led to, and audits it as the plugin', async () => {
    issuer.platform.broken.add('issuer--3');

    await look(CHECKS);
    const told = await watch();
    await issuer.ended(told.operationId);

    expect(told).toMatchObject({
      state: 'rolled-back',
      note: expect.stringContaining('it never answers'),
      looks: { done: CHECKS, healthy: 0 },
      operationStatus: expect.any(String),
    });
    expect((await watch()).operationStatus).toBe('succeeded');
    expect(audits('rollback-start')).toEqual([
      {
        eventId: 'rollback-start',
        status: 'succeeded',
        withRequest: false,
        meta: {
          automatic: true,
          entityRef: 'component:default/vvp-issuer',
          environment: 'production',
          deployment: expect.any(String),
          reason: expect.stringContaining('it never answers'),
          revision: 'issuer--2',
          operation: told.operationId,
        },
      },
    ]);
    const about = {
      operation: told.operationId,
      requestedBy: 'automatic',
      automatic: true,
      entityRef: 'component:default/vvp-issuer',
      environment: 'production',
      alreadySet: false,
    };
    expect(audits('hold-set')).toMatchObject([
      { status: 'succeeded', withRequest: false, meta: about },
    ]);
    expect(audits('quarantine-set')).toMatchObject([
      {
        status: 'succeeded',
        meta: { ...about, releaseId: expect.any(String) },
      },
    ]);
  });

  it('tells why a bad deployment stays, and audits that too', async () => {
    await issuer.backend.post(`${PRODUCTION}/hold`, {
      reason: 'Rolled back an hour ago',
    });
    issuer.platform.broken.add('issuer--3');

    await look(CHECKS);

    expect(await watch()).toMatchObject({
      state: 'not-possible',
      note: expect.stringMatching(/never answers.*Rolled back an hour ago/s),
    });
    expect(audits('rollback-start')).toMatchObject([
      {
        status: 'failed',
        withRequest: false,
        error: expect.stringContaining('Rolled back an hour ago'),
        meta: { automatic: true, revision: 'issuer--2' },
      },
    ]);
    expect(issuer.platform.changes).toEqual([]);
  });

  it('tries again, and audits nothing, while the platform is away', async () => {
    issuer.platform.broken.add('issuer--3');
    await look(CHECKS - 1);
    issuer.platform.failures.push({ method: 'plan', kind: 'transient' });

    await look();

    expect(await watch()).toMatchObject({ state: 'watching' });
    expect(audits('rollback-start')).toEqual([]);
    await look();
    expect(await watch()).toMatchObject({ state: 'rolled-back' });
    await issuer.ended((await watch()).operationId);
  });

  describe('of a release that does not come to serve', () => {
    it('is kept out, and what serves is told to be what runs', async () => {
      failRollout();

      await look(CHECKS);
      const told = await watch();
      const operation = await issuer.ended(told.operationId);

      expect(told).toMatchObject({
        state: 'kept-out',
        note: 'It did not come to serve: issuer--2 (aaaaaaa) does.',
        looks: { done: CHECKS, healthy: 0 },
      });
      expect(operation).toMatchObject({
        kind: 'rollback',
        outcome: 'done',
        requestedBy: 'automatic',
        from: { commit: BAD },
        to: { revision: 'issuer--2', commit: GOOD },
      });
      expect(
        operation.steps.map((step: { name: string }) => step.name),
      ).toEqual([
        'stop-runs',
        'stop-late-runs',
        'confirm',
        'quarantine-release',
        'set-hold',
      ]);
      expect(issuer.platform.changes).toEqual([]);
      const production = await issuer.production();
      expect(production.hold).toMatchObject({ by: 'automatic' });
      expect(production.currentDeployment.release.commit).toBe(GOOD);
      expect(production.currentDeployment.release.quarantine).toBeUndefined();
      const { body: history } = await issuer.backend.get(
        `${SERVICE}/deployments?commit=${BAD}`,
      );
      expect(history.items).toMatchObject([
        {
          status: 'rolled_back',
          rolledBack: { automatic: true, operationId: operation.id },
          release: { quarantine: { by: 'automatic' } },
        },
      ]);
      expect(history.items[0].rolledBack.badForSeconds).toBeUndefined();
    });

    it('is kept out when its platform took it out again', async () => {
      await look();
      issuer.platform.serving = 'issuer--2';

      await look(CHECKS - 1);

      expect(await watch()).toMatchObject({
        state: 'kept-out',
        note: 'It served, and its platform went back to issuer--2 (aaaaaaa).',
        looks: { done: CHECKS, healthy: 1 },
      });
      await issuer.ended((await watch()).operationId);
    });

    it('is kept out with the words of its platform, which gave it up by itself', async () => {
      const [own] = issuer.platform.revisions;
      own.givenUp = {
        at: '2026-01-05T12:45:00.000Z',
        reason: 'ECS took issuer--3 back by itself: too many tasks failed.',
      };
      issuer.platform.serving = 'issuer--2';

      await look(CHECKS);
      const told = await watch();
      const operation = await issuer.ended(told.operationId);

      const why =
        'It did not come to serve: issuer--2 (aaaaaaa) does. ECS took issuer--3 back by itself: too many tasks failed.';
      expect(told).toMatchObject({ state: 'kept-out', note: why });
      expect(operation).toMatchObject({
        outcome: 'done',
        reason: `Automatic rollback. ${why}`,
      });
      expect(audits('rollback-start')).toMatchObject([
        { status: 'succeeded', meta: { reason: operation.reason } },
      ]);
      const { body: list } = await issuer.backend.get(
        `${PRODUCTION}/revisions`,
      );
      expect(list.items[0].givenUp).toEqual(own.givenUp);
    });

    describe('while its platform still brings it in', () => {
      beforeEach(async () => {
        issuer.platform.revisions[0].comingIn = true;
        issuer.platform.serving = 'issuer--2';
        await look(CHECKS);
      });

      it('is watched on, and says for what', async () => {
        expect(await watch()).toMatchObject({
          state: 'watching',
          note: 'It did not come to serve: issuer--2 (aaaaaaa) does. The platform still brings it in.',
        });
        expect(issuer.platform.changes).toEqual([]);
        expect(audits('rollback-start')).toEqual([]);
      });

      it('is good if it comes to serve and is well', async () => {
        delete issuer.platform.revisions[0].comingIn;
        issuer.platform.serving = 'issuer--3';

        await look();

        expect(await watch()).toMatchObject({ state: 'healthy' });
      });

      it('is kept out when its platform gives it up', async () => {
        delete issuer.platform.revisions[0].comingIn;
        issuer.platform.revisions[0].givenUp = {
          at: '2026-01-05T12:45:00.000Z',
          reason: 'ECS took it back.',
        };

        await look();
        const told = await watch();

        expect(told).toMatchObject({
          state: 'kept-out',
          note: expect.stringMatching(/ECS took it back\.$/),
        });
        await issuer.ended(told.operationId);
      });
    });

    it.each([
      [
        'its platform never got it',
        () => {
          issuer.platform.revisions.shift();
        },
      ],
      [
        'it is well, and waits for its traffic',
        () => {
          failRollout();
          issuer.platform.revisions[0].health = 'healthy';
        },
      ],
      ['nobody tells how it is', () => {}],
    ])('is not judged where %s', async (_, arrange) => {
      arrange();
      issuer.platform.serving = 'issuer--2';

      await look(CHECKS);

      expect(await watch()).toMatchObject({
        state: 'unjudged',
        note: expect.stringMatching(/did not come to serve.*changed nothing/),
      });
      const production = await issuer.production();
      expect(production.hold).toBeUndefined();
      expect(production.currentDeployment).toMatchObject({
        status: 'succeeded',
        release: { commit: BAD },
      });
      expect(production.currentDeployment.release.quarantine).toBeUndefined();
      expect(issuer.platform.changes).toEqual([]);
    });

    it('is left alone when something serves that nobody has told of', async () => {
      issuer.platform.revisions.unshift({
        id: 'issuer--4',
        commit: 'd'.repeat(40),
        createdAt: '2026-01-05T12:10:00.000Z',
        current: false,
      });
      issuer.platform.serving = 'issuer--4';

      await look(CHECKS);

      expect(await watch()).toMatchObject({
        state: 'replaced',
        note: expect.stringContaining('issuer--4 (ddddddd)'),
      });
      expect((await issuer.production()).hold).toBeUndefined();
    });

    it('is not concluded from a revision that the deployment itself may have made', async () => {
      issuer.platform.revisions.unshift({
        id: 'issuer--4',
        // As told by a variable that the pipeline forgot to set.
        commit: GOOD,
        createdAt: '2026-01-05T12:41:30.000Z',
        current: false,
      });
      issuer.platform.serving = 'issuer--4';

      await look(CHECKS);

      expect(await watch()).toMatchObject({ state: 'healthy' });
    });

    it('stays as it is where a hold stands, and says so', async () => {
      await issuer.backend.post(`${PRODUCTION}/hold`, {
        reason: 'Rolled back an hour ago',
      });
      failRollout();

      await look(CHECKS);

      expect(await watch()).toMatchObject({
        state: 'not-possible',
        note: expect.stringMatching(
          /did not come to serve.*Rolled back an hour ago/s,
        ),
      });
    });

    it('is found by what serves, even if that is not well: the failure is told', async () => {
      failRollout();
      issuer.platform.broken.add('issuer--2');

      await look(CHECKS);
      const told = await watch();

      expect(await issuer.ended(told.operationId)).toMatchObject({
        status: 'failed',
        failure: { message: expect.stringContaining('never answers') },
      });
      expect(await watch()).toMatchObject({
        state: 'kept-out',
        operationStatus: 'failed',
      });
    });
  });

  describe('after an outage of the portal', () => {
    it('goes on with the looks that it has: missed ones are none', async () => {
      await look(CHECKS - 1);
      await beAway(HOUR_MS / 2);

      await issuer.backend.run('watch');

      expect(await watch()).toMatchObject({
        state: 'healthy',
        looks: { done: CHECKS, healthy: CHECKS },
      });
    });

    it('calls nothing healthy for the time that went by', async () => {
      await look();
      await beAway(HOUR_MS / 2);

      await issuer.backend.run('watch');

      expect(await watch()).toMatchObject({
        state: 'watching',
        looks: { done: 2, healthy: 2 },
      });
    });

    it('calls nothing failed for the time that went by', async () => {
      await look();
      issuer.platform.broken.add('issuer--3');
      await beAway(HOUR_MS / 2);

      await issuer.backend.run('watch');

      expect(await watch()).toMatchObject({
        state: 'watching',
        looks: { done: 2, healthy: 1 },
      });
      expect(issuer.platform.changes).toEqual([]);
    });

    it('does not judge after too long, for good or bad', async () => {
      await look();
      issuer.platform.broken.add('issuer--3');
      await beAway(2 * HOUR_MS);

      await issuer.backend.run('watch');

      expect(await watch()).toMatchObject({
        state: 'unjudged',
        note: 'The portal was away for too long to judge it.',
        looks: { done: 1, healthy: 1 },
      });
      expect(issuer.platform.changes).toEqual([]);
    });
  });

  it('audits what a rollback by a person keeps out, with who asked for it', async () => {
    const { body } = await issuer.backend.post('/rollbacks', rollback);
    await issuer.ended(body.id);

    expect(audits('quarantine-set')).toMatchObject([
      {
        withRequest: false,
        meta: {
          operation: body.id,
          requestedBy: 'user:default/mock',
          automatic: false,
        },
      },
    ]);
    expect(audits('hold-set')).toHaveLength(1);
  });
});
