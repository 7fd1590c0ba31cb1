import { TestDatabases } from '@backstage/backend-test-utils';
import { TargetError } from '@vvp/backstage-plugin-deploy-node';
import { isOneDatabase } from '../__testUtils__/oneDatabase';
import { REASON, startCanaries, until } from './__testUtils__/startCanaries';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const ERRORS = ['INFO up', 'ERROR one', 'ERROR two', 'ERROR three'];

describe.each(databases.eachSupportedId())('canaries on %s', databaseId => {
  let world: Awaited<ReturnType<typeof startCanaries>>;

  beforeAll(async () => {
    world = await startCanaries({ databases, databaseId });
  });

  afterAll(() => world.backend.stop());

  it('are led by the pipeline first, then by the portal, and get all of the traffic', async () => {
    const service = await world.promote();
    const { app, revision, stable } = service;
    app.bring(revision, service.commit, 5);

    await service.look();
    await service.look();
    const early = await service.promotion();
    const refused = await service.ask('pause');

    expect(early).toMatchObject({
      status: 'executing',
      canary: { phase: 'watching', percent: 5, revision, stable },
      mayPause: { allowed: false },
      mayContinue: { allowed: false },
      mayAbort: { allowed: true },
    });
    expect(early.canary.watchSecondsLeft).toBeUndefined();
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toContain('job is still under way');
    expect(app.changes).toEqual([]);

    await service.job('completed');
    await service.reach('watching');
    await until(async () => {
      await service.look();
      return app.traffic[revision] === 10;
    }, 'its share');
    expect((await service.promotion()).status).toBe('executing');
    await service.reach('watching');
    expect(await service.canary()).toMatchObject({
      phase: 'watching',
      percent: 10,
      errors: 0,
      entries: 1,
      settings: { percent: 10, minutes: 1, maxErrors: 2, logEntries: 50 },
      watchSecondsLeft: expect.any(Number),
    });
    await service.watch(3);
    await service.reach('done');
    await service.settle('succeeded');

    expect(app.changes).toEqual([
      `start ${revision} 10`,
      `finish ${revision} 100`,
    ]);
    expect(await service.operations()).toMatchObject([
      { kind: 'canary', status: 'succeeded', requested_by: 'automatic' },
      { kind: 'canary', status: 'succeeded', requested_by: 'automatic' },
    ]);
    expect(await service.events()).toEqual([
      'canary-started',
      'canary-continued',
      'canary-done',
    ]);
    const { deployment, mayAbort } = await service.promotion();
    expect(mayAbort).toBeUndefined();
    // The watch over fresh deployments began once it had all of the traffic.
    expect(deployment.watch).toMatchObject({ state: 'healthy' });
    expect(world.backend.signals).toContainEqual(
      expect.objectContaining({
        channel: `deploy:component:default/vvp-${service.key}`,
      }),
    );
  });

  it('are taken back for errors, with the release in quarantine and a hold', async () => {
    const service = await world.promote();
    await service.deploy(10);
    await service.look();
    service.app.log = ERRORS;

    await service.reach('aborted');
    await service.settle('rolled_back');

    expect(service.app.traffic[service.stable]).toBe(100);
    expect(await service.canary()).toMatchObject({
      phase: 'aborted',
      errors: 3,
      entries: 4,
      notes: ['There are 3 errors in its last 4 log entries; 2 are allowed.'],
    });
    const promotion = await service.promotion();
    expect(promotion.release.quarantine).toMatchObject({ by: 'automatic' });
    expect(await service.operations()).toMatchObject([
      {
        kind: 'rollback',
        status: 'succeeded',
        requested_by: 'automatic',
        reason:
          'Automatic abort of the canary. There are 3 errors in its last 4 log entries; 2 are allowed.',
      },
    ]);
    const { body } = await world.backend.get(
      `/services/component/default/vvp-${service.key}`,
    );
    expect(body.environments[0].hold).toMatchObject({ by: 'automatic' });
    expect(world.auditor.events).toContainEqual(
      expect.objectContaining({
        eventId: 'rollback-start',
        status: 'succeeded',
        withRequest: false,
        meta: expect.objectContaining({ promotion: service.id }),
      }),
    );
  });

  it('stand still when paused, until somebody continues them', async () => {
    const service = await world.promote();
    await service.deploy(10);

    const paused = await service.ask('pause', { comment: 'Lunch' });
    await service.watch(5);

    expect(paused.status).toBe(200);
    expect(paused.body).toMatchObject({
      canary: { phase: 'paused', pausedBy: 'user:default/omar' },
      mayPause: { allowed: false },
      mayContinue: { allowed: true },
    });
    expect((await service.canary()).phase).toBe('paused');
    expect(service.app.changes).toEqual([]);

    const continued = await service.ask('continue');
    await service.reach('done');

    expect(continued.body.canary.phase).toBe('continuing');
    expect(await service.operations()).toMatchObject([
      { kind: 'canary', requested_by: 'user:default/omar' },
    ]);
    expect((await service.promotion()).events).toContainEqual(
      expect.objectContaining({
        type: 'canary-paused',
        by: 'user:default/omar',
        comment: 'Lunch',
      }),
    );
    const audited = world.auditor.events
      .filter(({ meta }) => meta.promotion === service.id)
      .map(({ eventId, status }) => `${eventId} ${status}`);
    expect(audited).toEqual([
      'promotion-pause succeeded',
      'promotion-continue succeeded',
    ]);
  });

  it('wait for a lock that begins meanwhile, and say so', async () => {
    const service = await world.promote();
    const lock = `/services/component/default/vvp-${service.key}/environments/production/lock`;
    await service.deploy(10);
    await world.backend.post(lock, { reason: 'The database is moved' });

    await service.ask('continue');
    await service.look();
    await service.look();
    const waiting = await service.canary();
    await world.backend.delete(lock);
    await service.reach('done');

    expect(waiting).toMatchObject({
      phase: 'continuing',
      notes: [expect.stringMatching(/^It waits\. .*The database is moved/)],
    });
  });

  it('go on in another process, and are moved once by two', async () => {
    const service = await world.promote();
    let open = () => {};
    service.app.gate = new Promise(resolve => {
      open = resolve;
    });
    await service.deploy(0);
    const other = await startCanaries({
      databases,
      databaseId,
      knex: world.backend.knex,
      platform: world.platform,
    });

    try {
      // As if the first one had died right after the operation was begun.
      const { step, ...state } = await service.state();
      await world.backend
        .knex('canaries')
        .where({ promotion_id: service.id })
        .update({
          state: JSON.stringify({
            ...state,
            step: { ...step, operationId: undefined },
          }),
        });
      await Promise.all([
        other.backend.run('canaries'),
        world.backend.run('canaries'),
        other.backend.run('canaries'),
      ]);
      open();
      await until(async () => {
        await other.backend.run('canaries');
        return (await service.state()).phase === 'watching';
      }, 'its share');
      for (let time = 0; time < 5; time++) {
        await service.watch();
        await Promise.all([
          other.backend.run('canaries'),
          world.backend.run('canaries'),
        ]);
      }
      await until(async () => {
        await other.backend.run('canaries');
        return (await service.state()).phase === 'done';
      }, 'its end');
    } finally {
      await other.backend.stop();
    }

    expect(service.app.changes).toEqual([
      `start ${service.revision} 10`,
      `finish ${service.revision} 100`,
    ]);
    expect(await service.events()).toEqual([
      'canary-started',
      'canary-continued',
      'canary-done',
    ]);
  });

  // What these ask of the database, the others ask of both.
  if (isOneDatabase(databases, databaseId)) {
    it('are taken back although a hold is there', async () => {
      const service = await world.promote();
      await world.backend.post(
        `/services/component/default/vvp-${service.key}/environments/production/hold`,
        { reason: 'Rolled back an hour ago' },
      );
      await service.deploy(10);
      await service.look();
      service.app.log = ERRORS;

      await service.reach('aborted');

      expect(service.app.traffic[service.stable]).toBe(100);
    });

    it('are taken back when the release is unhealthy', async () => {
      const service = await world.promote();
      await service.deploy(10);
      service.app.health = { state: 'unhealthy', reason: 'CrashLoopBackOff' };

      await service.look();
      await service.look();
      expect((await service.canary()).phase).toBe('watching');
      await service.reach('aborted');

      expect((await service.canary()).notes[0]).toContain('CrashLoopBackOff');
    });

    it('are taken back for errors when paused, too', async () => {
      const service = await world.promote();
      await service.deploy(10);
      await service.ask('pause');
      service.app.log = ERRORS;

      await service.reach('aborted');

      expect(service.app.traffic[service.stable]).toBe(100);
    });

    it('are told to the platform, where it would move on when paused', async () => {
      const service = await world.promote();
      service.app.moves = ['pause', 'finish'];
      await service.deploy(10);

      await service.ask('pause');
      await until(async () => {
        await service.look();
        return service.app.paused;
      }, 'the platform to stand still');

      expect(service.app.changes).toEqual([`pause ${service.revision} 10`]);
      expect((await service.canary()).phase).toBe('paused');
    });

    it('are aborted by a person, also while the pipeline leads', async () => {
      const service = await world.promote();
      service.app.bring(service.revision, service.commit, 10);
      await service.look();

      const abort = { reason: REASON, confirm: `vvp-${service.key}` };
      const unconfirmed = await service.ask('abort', { reason: REASON });
      const before = (await service.canary()).phase;
      const aborted = await service.ask('abort', abort);
      // What stops the run tells so.
      await service.job('completed', 'cancelled');
      await service.settle('rolled_back');

      // As for a rollback of production.
      expect(unconfirmed.status).toBe(400);
      expect(unconfirmed.body.error.message).toContain(
        `confirm: has to be "${abort.confirm}"`,
      );
      expect(before).not.toBe('aborting');
      expect(aborted.status).toBe(200);
      expect(aborted.body.canary.phase).toBe('aborting');
      expect(await service.operations()).toMatchObject([
        { kind: 'rollback', requested_by: 'user:default/omar', reason: REASON },
      ]);
      expect((await service.promotion()).events.at(-1)).toMatchObject({
        type: 'rolled-back',
        by: 'user:default/omar',
        text: expect.stringContaining(REASON),
      });
      expect((await service.ask('abort', abort)).status).toBe(409);
    });

    it('wait while the platform is down, and never go on blindly', async () => {
      const service = await world.promote();
      await service.deploy(10);
      await service.look();
      service.app.down = new TargetError('transient', 'It is down.');

      await service.watch(20);
      await world.backend
        .knex('canaries')
        .where({ promotion_id: service.id })
        .update({
          state: JSON.stringify({
            ...(await service.state()),
            blind: { since: '2026-01-05T12:00:00.000Z', why: '' },
          }),
        });
      await service.look();

      expect(await service.canary()).toMatchObject({
        phase: 'watching',
        notes: [
          expect.stringMatching(/could not be asked since .* It is down\./),
        ],
      });
      service.app.down = undefined;
      await service.look();
      expect((await service.canary()).notes).toEqual([]);
      await service.watch(3);
      await service.reach('done');
    });

    it('are done where somebody gave all of the traffic at the platform', async () => {
      const service = await world.promote();
      await service.deploy(10);
      service.app.shift(service.revision, 100);

      await service.settle('succeeded');

      expect((await service.canary()).phase).toBe('done');
      expect(service.app.changes).toEqual([]);
    });

    it('are only watched where the platform moves on by itself', async () => {
      const service = await world.promote();
      service.app.moves = [];
      service.app.movesItself = { phase: 'BAKE_TIME' };
      await service.deploy(10);

      await service.watch(5);
      const paused = await service.ask('pause');

      expect(await service.canary()).toMatchObject({ phase: 'watching' });
      expect(paused.status).toBe(409);
      expect(paused.body.error.message).toContain('moves on by itself');
      service.app.movesItself = undefined;
      service.app.shift(service.revision, 100);
      await service.reach('done');
      expect(service.app.changes).toEqual([]);
    });

    it('do not wait for each other', async () => {
      const slow = await world.promote();
      const quick = await world.promote();
      await quick.deploy(10);
      slow.app.hangs = true;
      slow.app.bring(slow.revision, slow.commit, 10);
      await slow.job('completed');
      const before = quick.app.looks;

      const passes = Promise.all([slow.look(), quick.look()]);
      await until(async () => quick.app.looks > before, 'a look at the other');
      const early = (await quick.canary()).phase;
      await passes;

      expect(early).toBe('watching');
      expect((await slow.promotion()).status).toBe('executing');
      slow.app.hangs = false;
      await slow.reach('watching');
    });

    it('end where the promotion fails by its pipeline', async () => {
      const service = await world.promote();
      service.app.bring(service.revision, service.commit, 10);
      await service.look();

      await service.job('completed', 'failure');
      await service.settle('failed');
      await service.reach('failed');

      expect((await service.canary()).notes[0]).toContain(
        '10 % of the traffic went to it at the last look',
      );
    });

    it('are none where the target is asked for none', async () => {
      const service = await world.promote({ plain: true });
      service.app.bring(service.revision, service.commit, 100);
      await service.job('completed');
      await service.look();

      const refused = await service.ask('pause');

      expect(refused.status).toBe(409);
      expect(refused.body.error.message).toContain('No canary');
      expect(await service.promotion()).not.toHaveProperty('canary');
      expect(service.app.looks).toBe(0);
      // It ended months ago, so that no watch begins either.
      await service.settle('succeeded');
      expect((await service.promotion()).note).toContain(
        'Nobody watches what is deployed there',
      );
    });

    it.each([
      ['an abort without a reason', 'abort', {}, 400],
      [
        'an abort with a reason that says nothing',
        'abort',
        { reason: '           ' },
        400,
      ],
      ['a member that is none', 'pause', { seconds: 3 }, 400],
      [
        'a comment that is a book',
        'continue',
        { comment: 'a'.repeat(2_001) },
        400,
      ],
      ['what has not begun', 'continue', {}, 409],
    ])('refuse %s', async (_case, verb, body, status) => {
      const { body: list } = await world.backend.get('/promotions?limit=1');
      const [{ id }] = list.items;
      await world.backend.knex('canaries').where({ promotion_id: id }).delete();

      const answer = await world.backend.post(
        `/promotions/${id}/${verb}`,
        body,
      );

      expect(answer.status).toBe(status);
    });

    it('refuse a promotion that is not there', async () => {
      const { status } = await world.backend.post(
        '/promotions/00000000-0000-4000-8000-000000000000/abort',
        { reason: REASON },
      );

      expect(status).toBe(404);
    });
  }
});
