import { TestDatabases } from '@backstage/backend-test-utils';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import { user } from './__testUtils__/people';
import {
  FIRST,
  PRODUCTION,
  startVerifier,
} from './__testUtils__/startVerifier';

jest.setTimeout(240_000);

const databases = TestDatabases.create({
  ids: ['SQLITE_3', 'POSTGRES_15'],
});

describe.each(oneDatabase(databases))('promotions on %s', databaseId => {
  let world: Awaited<ReturnType<typeof startVerifier>>;

  const start = async (promotion?: string) => {
    world = await startVerifier({
      databases,
      databaseId,
      ...(promotion && { promotion }),
    });
  };

  afterEach(() => world.backend.stop());

  /** Looks at promotions until something is so. */
  const until = async (isSo: () => Promise<boolean>) => {
    const end = Date.now() + 180_000;
    while (!(await isSo())) {
      if (Date.now() > end) {
        throw new Error('It did not come to be so');
      }
      await world.backend.knex('promotions').update({ due_at: '2026-01-01' });
      await world.backend.run('promotions');
    }
  };

  const status = async (id: string) =>
    (await world.get(`/promotions/${id}`)).body.status;

  it('wait for approvals, and for a run that asks', async () => {
    await start();

    const asked = await world.ask();
    const waiting = await world.get(`/promotions/${asked.body.id}`);
    const approved = await world.approve(asked.body.id, 'omar');

    expect(asked.status).toBe(202);
    expect(waiting.body).toMatchObject({
      status: 'awaiting_approval',
      requestedBy: 'user:default/dana',
      requiredApprovals: 1,
      mayApprove: {
        allowed: false,
        why: expect.stringContaining('among those'),
      },
      mayCancel: { allowed: true },
    });
    expect(approved.body).toMatchObject({
      status: 'approved',
      approvals: [{ by: 'user:default/omar' }],
    });
    expect(approved.body.readiness.conditions).toContainEqual(
      expect.objectContaining({ kind: 'pipeline', state: 'pending' }),
    );

    await world.jobAsks(7, FIRST);
    await until(async () => (await status(asked.body.id)) !== 'approved');

    expect(await status(asked.body.id)).toBe('executing');
  });

  it('are made by a run that asks, in the name of who started it', async () => {
    await start();

    await world.jobAsks(7, FIRST);
    await until(
      async () =>
        (await world.get('/promotions')).body.items[0]?.status ===
        'awaiting_approval',
    );

    const { body } = await world.get('/promotions');
    expect(body.items).toEqual([
      expect.objectContaining({
        status: 'awaiting_approval',
        requestedBy: 'user:default/dana',
        run: expect.objectContaining({ runId: '7' }),
      }),
    ]);
  });

  it('are not approved by who started the run, whichever user of theirs comes', async () => {
    await start();
    // Dana has two users, both with her login.
    const platform = world.people.find(
      ({ metadata }) => metadata.name === 'platform-team',
    )!;
    platform.relations!.push({
      type: 'hasMember',
      targetRef: 'user:default/dana-admin',
    });
    world.people.push(
      user('dana-admin', { login: 'dana', groups: ['platform-team'] }),
    );
    await world.jobAsks(7, FIRST);
    await until(
      async () =>
        (await world.get('/promotions')).body.items[0]?.status ===
        'awaiting_approval',
    );
    const [{ id, requestedBy }] = (await world.get('/promotions')).body.items;

    const own = await world.approve(id, 'dana-admin');
    const other = await world.approve(id, 'omar');

    expect(requestedBy).toBe('github:dana');
    expect(own.status).toBe(403);
    expect(own.body.error.message).toContain(
      'nobody approves their own change',
    );
    expect(other.body.status).toBe('executing');
  });

  it('show who cannot approve, and refuse them', async () => {
    await start(
      '{ approvals: [{ from: [user:default/dana, group:default/platform-team], required: 1 }] }',
    );
    const { body } = await world.ask('dana');

    const seen = await world.get(`/promotions/${body.id}`, 'dana');
    const own = await world.approve(body.id, 'dana');
    const outsider = await world.approve(body.id, 'eve');

    expect(seen.body.mayApprove).toEqual({
      allowed: false,
      why: expect.stringContaining('nobody approves their own'),
    });
    expect(own.status).toBe(403);
    expect(own.body.error.message).toContain('You asked for this promotion');
    expect(outsider.status).toBe(403);
    expect(await status(body.id)).toBe('awaiting_approval');
  });

  it('count one voice of a person, however often they speak', async () => {
    await start(
      '{ approvals: [{ from: [group:default/platform-team], required: 2 }] }',
    );
    const { body } = await world.ask();

    await world.approve(body.id, 'omar');
    const again = await world.approve(body.id, 'omar');

    expect(again.status).toBe(200);
    expect(again.body).toMatchObject({ status: 'awaiting_approval' });
    expect(again.body.approvals).toHaveLength(1);
    expect((await world.approve(body.id, 'ida')).body.status).toBe('approved');
  });

  it('do not take the approval of who left the group', async () => {
    await start();
    const { body } = await world.ask();
    await world.approve(body.id, 'omar');
    const people = world.people.find(
      ({ metadata }) => metadata.name === 'platform-team',
    );
    people!.relations = people!.relations!.filter(
      ({ targetRef }) => targetRef !== 'user:default/omar',
    );
    await world.backend
      .knex('promotions')
      .where({ id: body.id })
      .update({ due_at: '2026-01-01T00:00:00.000Z' });
    // What the catalog says is kept for some seconds.
    const now = Date.now();
    jest.spyOn(Date, 'now').mockImplementation(() => now + 20_000);

    await world.backend.run('promotions');
    jest.restoreAllMocks();

    const { body: after } = await world.get(`/promotions/${body.id}`);
    expect(after.status).toBe('awaiting_approval');
    expect(after.approvals).toEqual([
      expect.objectContaining({
        by: 'user:default/omar',
        lapsed: expect.objectContaining({
          why: expect.stringContaining('no longer'),
        }),
      }),
    ]);
    expect(after.events).toContainEqual(
      expect.objectContaining({ type: 'approval-lapsed' }),
    );
  });

  it('refuse an approval of something else than what was seen', async () => {
    await start();
    const { body } = await world.ask();
    const { body: before } = await world.get(`/promotions/${body.id}`, 'omar');
    await world.backend
      .knex('releases')
      .where({ commit_sha: FIRST })
      .update({ artifact: 'sha256:0ther' });

    const approved = await world.post(
      `/promotions/${body.id}/approve`,
      'omar',
      { seen: before.seen },
    );

    expect(approved.status).toBe(409);
    expect(approved.body.error.message).toContain('changed since you looked');
  });

  it.each([
    ['approve', { seen: 'x' }],
    ['reject', { comment: 'It breaks the call back' }],
    ['cancel', {}],
    [
      'override',
      { reason: 'Nobody is there to wait', conditions: ['freeze:x'] },
    ],
  ])('that were cancelled cannot be decided: %s', async (verb, request) => {
    await start();
    const { body } = await world.ask();
    await world.post(`/promotions/${body.id}/cancel`, 'dana', {});

    const answer = await world.post(
      `/promotions/${body.id}/${verb}`,
      'omar',
      request,
    );

    expect(answer.status).toBe(409);
    expect(answer.body.error.message).toContain('cancelled');
    expect(await status(body.id)).toBe('cancelled');
  });

  it('need a comment to be rejected', async () => {
    await start();
    const { body } = await world.ask();

    const silent = await world.post(`/promotions/${body.id}/reject`, 'omar', {
      comment: '            ',
    });
    const rejected = await world.post(`/promotions/${body.id}/reject`, 'omar', {
      comment: 'The call back breaks',
    });

    expect(silent.status).toBe(400);
    expect(rejected.body).toMatchObject({ status: 'rejected' });
    expect(rejected.body.events.at(-1)).toMatchObject({
      type: 'rejected',
      by: 'user:default/omar',
      comment: 'The call back breaks',
    });
  });

  it('expire', async () => {
    await start();
    const { body } = await world.ask();
    const state = JSON.parse(
      (await world.backend.knex('promotions').first('state')).state,
    );
    await world.backend.knex('promotions').update({
      due_at: '2026-01-01T00:00:00.000Z',
      state: JSON.stringify({
        ...state,
        expiresAt: '2026-01-02T00:00:00.000Z',
      }),
    });

    await world.backend.run('promotions');

    expect(await status(body.id)).toBe('expired');
    expect((await world.approve(body.id, 'omar')).status).toBe(409);
  });

  it('wait while the environment is frozen, and show when it opens', async () => {
    await start();
    const to = new Date(Date.now() + 3_600_000).toISOString();
    const freeze = await world.post('/freezes', 'omar', {
      title: 'Black Friday',
      reason: 'Nobody changes production now',
      scope: { tiers: ['production'] },
      window: { from: new Date(Date.now() - 1_000).toISOString(), to },
      allows: ['rollback'],
    });
    const { body } = await world.ask();
    await world.approve(body.id, 'omar');
    await world.jobAsks(7, FIRST);
    await until(async () =>
      Boolean((await world.backend.knex('promotions').first('run_id')).run_id),
    );

    const frozen = await world.get(`/promotions/${body.id}`);
    const service = await world.get('/services/component/default/vvp-verifier');
    const ended = await world.delete(`/freezes/${freeze.body.id}`, 'omar');
    await until(async () => (await status(body.id)) !== 'approved');

    expect(freeze.status).toBe(201);
    expect(frozen.body.status).toBe('approved');
    expect(frozen.body.readiness.conditions).toContainEqual(
      expect.objectContaining({ kind: 'freeze', state: 'unmet', until: to }),
    );
    expect(service.body.environments[1]).toMatchObject({
      freeze: { title: 'Black Friday', nextOpen: to },
      pendingPromotion: { id: body.id, status: 'approved' },
    });
    expect(ended.status).toBe(204);
    expect(await status(body.id)).toBe('executing');
  });

  it('let a freeze pass that is overridden with a reason', async () => {
    await start();
    await world.post('/freezes', 'omar', {
      title: 'Black Friday',
      reason: 'Nobody changes production now',
      scope: {},
      window: {
        from: new Date(Date.now() - 1_000).toISOString(),
        to: new Date(Date.now() + 3_600_000).toISOString(),
      },
    });
    const { body } = await world.ask();
    await world.approve(body.id, 'omar');
    await world.jobAsks(7, FIRST);
    await until(async () =>
      Boolean((await world.backend.knex('promotions').first('run_id')).run_id),
    );
    const { body: frozen } = await world.get(`/promotions/${body.id}`, 'omar');
    const freeze = frozen.readiness.conditions.find(
      ({ kind }: { kind: string }) => kind === 'freeze',
    );

    const gate = await world.post(`/promotions/${body.id}/override`, 'omar', {
      reason: 'The shop cannot take payments',
      conditions: ['approval:1'],
    });
    const overridden = await world.post(
      `/promotions/${body.id}/override`,
      'omar',
      {
        reason: 'The shop cannot take payments',
        conditions: [freeze.id],
      },
    );

    expect(gate.status).toBe(400);
    expect(overridden.body.status).toBe('executing');
    expect(overridden.body.events).toContainEqual(
      expect.objectContaining({
        type: 'overridden',
        by: 'user:default/omar',
        comment: 'The shop cannot take payments',
      }),
    );
  });

  it('are found by those whose voice is missing, and by nobody else', async () => {
    await start();
    const { body } = await world.ask();
    const waitingFor = async (who: string) =>
      (await world.get('/promotions?waitingFor=me', who)).body.items.map(
        ({ id }: { id: string }) => id,
      );

    const before = await Promise.all(
      ['omar', 'ida', 'dana', 'eve'].map(waitingFor),
    );
    await world.approve(body.id, 'omar');
    const after = await Promise.all(['omar', 'ida'].map(waitingFor));

    expect(before).toEqual([[body.id], [body.id], [], []]);
    expect(after).toEqual([[], []]);
  });

  it('tell every condition before anybody asks', async () => {
    await start();
    const release = await world.releaseOf(FIRST);

    const { body } = await world.get(
      `${PRODUCTION}/readiness?release=${release}`,
    );

    expect(body).toMatchObject({
      state: 'pending',
      seam: 'none',
      seamRemedy: expect.stringContaining('environment: production'),
    });
    expect(
      body.conditions.map(({ id, state }: { id: string; state: string }) => [
        id,
        state,
      ]),
    ).toEqual(
      expect.arrayContaining([
        ['order', 'met'],
        ['approval:1', 'pending'],
        ['pipeline', 'pending'],
      ]),
    );
  });

  it.each([
    ['a release that is not there', { release: 'none' }, 404],
    ['an environment that the service has not', { environment: 'moon' }, 404],
    ['another service', { entityRef: 'component:default/other' }, 404],
    ['a hotfix without a reason', { class: 'hotfix' }, 400],
    ['another class', { class: 'quick' }, 400],
  ])('refuse %s, and keep nothing', async (_, more, code) => {
    await start();

    const answer = await world.ask('dana', more);

    expect(answer.status).toBe(code);
    expect(await world.backend.knex('promotions')).toEqual([]);
  });

  it('are one, however often the same is asked for at once', async () => {
    await start();

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => world.ask()),
    );

    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await world.backend.knex('promotions')).toHaveLength(1);
  });

  it('are audited, each write', async () => {
    await start();
    const { body } = await world.ask();
    await world.approve(body.id, 'eve');
    await world.approve(body.id, 'omar');

    expect(
      world.auditor.events.map(({ eventId, status: outcome }) => [
        eventId,
        outcome,
      ]),
    ).toEqual([
      ['promotion-request', 'succeeded'],
      ['promotion-approve', 'failed'],
      ['promotion-approve', 'succeeded'],
    ]);
  });
});
