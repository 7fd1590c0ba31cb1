import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { isOneDatabase } from '../__testUtils__/oneDatabase';
import { workflowRun } from '../__testUtils__/github';
import { operationOver } from './__testUtils__/operationOver';
import {
  BAD,
  GOOD,
  OLD,
  PRODUCTION,
  REASON,
  rollback,
  SERVICE,
} from './__testUtils__/startIssuer';
import {
  revision,
  SPEC,
  SPEC_URL,
  startOperations,
} from './__testUtils__/startOperations';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

describe.each(databases.eachSupportedId())('operations on %s', databaseId => {
  let world: Awaited<ReturnType<typeof startOperations>>;
  let backend: typeof world.backend;
  let platform: typeof world.platform;
  let deploy: typeof world.deploy;
  const denied = new Set<string>();

  beforeEach(async () => {
    denied.clear();
    world = await startOperations({ databases, databaseId, denied });
    ({ backend, platform, deploy } = world);
  });

  afterEach(() => backend.stop());

  async function operation(id: string) {
    return (await backend.get(`/operations/${id}`)).body;
  }

  async function ended(id: string) {
    await operationOver(backend.knex, id);
    return operation(id);
  }

  async function environment(name = 'production') {
    const { body } = await backend.get(SERVICE);
    return body.environments.find((one: { name: string }) => one.name === name);
  }

  it('lists revisions with how their releases went', async () => {
    const { status, body } = await backend.get(`${PRODUCTION}/revisions`);

    expect(status).toBe(200);
    expect(body).toMatchObject({
      target: 'azure-container-app',
      resource: 'Fake production',
      items: [
        {
          id: 'issuer--3',
          current: true,
          commit: BAD,
          deployments: [{ status: 'succeeded' }],
        },
        {
          id: 'issuer--2',
          current: false,
          deployments: [{ status: 'superseded' }],
          lastDeployedAt: expect.any(String),
        },
        { id: 'issuer--1', current: false },
      ],
    });
  });

  it('rolls back, proves it, keeps the bad release out, and says so everywhere', async () => {
    const { status, body } = await backend.post('/rollbacks', rollback);

    expect(status).toBe(202);
    expect(await ended(body.id)).toMatchObject({
      kind: 'rollback',
      status: 'succeeded',
      outcome: 'done',
      requestedBy: 'user:default/mock',
      reason: REASON,
      from: { revision: 'issuer--3', commit: BAD },
      to: { revision: 'issuer--2', commit: GOOD },
    });
    expect(platform.serving).toBe('issuer--2');
    expect(platform.changes).toEqual(['switch issuer--2']);
    const production = await environment();
    expect(production).toMatchObject({
      operable: true,
      hold: {
        by: 'user:default/mock',
        reason: REASON,
        operationId: body.id,
      },
      currentDeployment: {
        source: `operation:${body.id}`,
        operationId: body.id,
        status: 'succeeded',
        release: { commit: GOOD },
      },
    });
    expect(production.runningOperation).toBeUndefined();
    const { body: history } = await backend.get(`${SERVICE}/deployments`);
    expect(history.items).toHaveLength(4);
    expect(
      history.items.find(
        (one: { release: { commit: string } }) => one.release.commit === BAD,
      ),
    ).toMatchObject({
      status: 'rolled_back',
      rolledBack: {
        operationId: body.id,
        by: 'user:default/mock',
        reason: REASON,
        badForSeconds: expect.any(Number),
        automatic: false,
      },
      release: {
        commit: BAD,
        quarantine: { by: 'user:default/mock', reason: REASON },
      },
    });
  });

  it('quarantines a bad release that nobody has told of yet, and a preview stores nothing of it', async () => {
    const untold = 'd'.repeat(40);
    platform.revisions.unshift({
      ...revision('issuer--4', untold),
      current: false,
    });
    platform.serving = 'issuer--4';
    const releases = () =>
      backend.knex('releases').where({ commit_sha: untold });

    await backend.post('/rollbacks/preview', {
      entityRef: rollback.entityRef,
      environment: 'production',
      revision: 'issuer--2',
    });
    expect(await releases()).toEqual([]);
    const { body } = await backend.post('/rollbacks', rollback);
    await ended(body.id);
    const again = await backend.post('/rollbacks', {
      ...rollback,
      revision: 'issuer--4',
    });

    expect(await releases()).toHaveLength(1);
    expect(again.status).toBe(409);
    expect(again.body.error.message).toMatch(/quarantined release ddddddd/);
    const { body: history } = await backend.get(
      `${SERVICE}/deployments?commit=${BAD}`,
    );
    expect(history.items).toMatchObject([{ status: 'superseded' }]);
  });

  it('starts a request with the same key once', async () => {
    const send = () =>
      backend.post('/rollbacks', rollback, undefined, {
        'Idempotency-Key': 'one-press',
      });

    const answers = await Promise.all([send(), send(), send()]);
    const again = await send();

    expect(new Set([...answers, again].map(({ body }) => body.id)).size).toBe(
      1,
    );
    await ended(again.body.id);
    expect(platform.changes).toEqual(['switch issuer--2']);
    const other = await backend.post(
      '/rollbacks',
      { ...rollback, revision: 'issuer--1' },
      undefined,
      { 'Idempotency-Key': 'one-press' },
    );
    expect(other.status).toBe(409);
    expect(other.body.error.message).toMatch(/Idempotency-Key/);
  });

  it('locks an environment: nothing goes through, and everybody sees why', async () => {
    const lock = await backend.post(`${PRODUCTION}/lock`, {
      reason: 'Database is being moved',
    });

    const refused = await backend.post('/rollbacks', rollback);
    const preview = await backend.post('/rollbacks/preview', {
      entityRef: rollback.entityRef,
      environment: 'production',
      revision: 'issuer--2',
    });
    const twice = await backend.post(`${PRODUCTION}/lock`, {
      reason: 'Somebody else does something',
    });

    expect(lock.status).toBe(201);
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toMatch(/Database is being moved/);
    expect(preview.body.admission).toMatchObject({
      admitted: false,
      refusals: [{ code: 'lock', clearedBy: 'deploy.lock' }],
    });
    expect(twice.status).toBe(409);
    expect((await environment()).lock).toMatchObject({
      owner: 'user:default/mock',
    });
    expect((await backend.get('/locks')).body.items).toHaveLength(1);

    const released = await backend.delete(`${PRODUCTION}/lock`);
    const again = await backend.delete(`${PRODUCTION}/lock`);
    const admitted = await backend.post('/rollbacks', rollback);

    expect([released.status, again.status, admitted.status]).toEqual([
      204, 404, 202,
    ]);
    await ended(admitted.body.id);
  });

  it('asks again when the turn has come: a lock set meanwhile stops it', async () => {
    let open = () => {};
    platform.gate = new Promise<void>(resolve => {
      open = resolve;
    });
    // The platform takes one operation at a time, whatever the environment.
    const first = await backend.post(
      `${SERVICE}/environments/staging/restart`,
      {
        reason: 'It leaks memory since noon',
      },
    );
    const second = await backend.post('/rollbacks', rollback);
    expect((await operation(second.body.id)).ahead).toBe(1);
    await backend.post(`${PRODUCTION}/lock`, {
      reason: 'Database is being moved',
    });
    open();

    expect((await ended(first.body.id)).status).toBe('succeeded');
    expect(await ended(second.body.id)).toMatchObject({
      status: 'failed',
      outcome: 'as-before',
      failure: { message: expect.stringContaining('Database is being moved') },
    });
    expect(platform.changes).toEqual(['restart issuer--3']);
  });

  it('never deploys a quarantined release until the quarantine is lifted', async () => {
    const { body: history } = await backend.get(
      `${SERVICE}/deployments?commit=${GOOD}`,
    );
    const release = `/releases/${history.items[0].release.id}/quarantine`;
    const quarantine = await backend.post(release, {
      reason: 'It loses messages under load',
    });

    const refused = await backend.post('/rollbacks', rollback);
    const redeploy = await backend.post(`${PRODUCTION}/redeploy`, {
      commit: GOOD,
      reason: REASON,
      confirm: 'vvp-issuer',
    });
    const lifted = await backend.delete(release);
    const admitted = await backend.post('/rollbacks', rollback);

    expect(quarantine.status).toBe(201);
    expect(refused.status).toBe(409);
    expect(refused.body.error.message).toMatch(/loses messages/);
    expect(redeploy.status).toBe(409);
    expect([lifted.status, admitted.status]).toEqual([204, 202]);
    await ended(admitted.body.id);
  });

  it('sets and lifts a hold', async () => {
    const set = await backend.post(`${PRODUCTION}/hold`, {
      reason: 'We look at the numbers first',
    });
    const held = await environment();
    const lifted = await backend.delete(`${PRODUCTION}/hold`);

    expect(set.status).toBe(201);
    expect(held.hold).toMatchObject({ reason: 'We look at the numbers first' });
    expect(lifted.status).toBe(204);
    expect((await environment()).hold).toBeUndefined();
  });

  it('forgets the log of an old operation, and nothing else of it', async () => {
    const { body } = await backend.post('/rollbacks', rollback);
    await ended(body.id);
    const told = (await operation(body.id)).steps[1].log;
    await backend
      .knex('operations')
      .update({ finished_at: '2025-01-01T00:00:00.000Z' });

    await backend.run('event-prune');

    expect(told).not.toEqual([]);
    expect(await operation(body.id)).toMatchObject({
      outcome: 'done',
      steps: expect.arrayContaining([
        expect.objectContaining({ name: 'switch', log: [] }),
      ]),
    });
  });

  it('keeps an environment that deploy.yaml no longer names while an operation runs in it', async () => {
    let open = () => {};
    platform.gate = new Promise<void>(resolve => {
      open = resolve;
    });
    const staging = `${SERVICE}/environments/staging`;
    const { body } = await backend.post(`${staging}/restart`, {
      reason: 'It leaks memory since noon',
    });

    backend.files.set(
      SPEC_URL,
      SPEC.replace(/ {8}staging:\n[^]*?(?= {8}production)/, ''),
    );
    await backend.run('spec-refresh');
    open();

    expect((await ended(body.id)).outcome).toBe('done');
    expect(platform.changes).toEqual(['restart issuer--3']);
  });

  // What these ask of the database, the others ask of both.
  if (isOneDatabase(databases, databaseId)) {
    it('previews a rollback and changes nothing', async () => {
      const { status, body } = await backend.post('/rollbacks/preview', {
        entityRef: rollback.entityRef,
        environment: 'production',
        revision: 'issuer--2',
      });

      expect(status).toBe(200);
      expect(body).toMatchObject({
        tier: 'production',
        admission: { admitted: true, refusals: [] },
        from: { id: 'issuer--3', commit: BAD },
        to: { id: 'issuer--2', commit: GOOD },
        alreadyThere: false,
        confirmation: 'vvp-issuer',
        configuration: [{ name: 'env LOG_LEVEL', change: 'changed' }],
        notRestored: ['Secrets stay as they are.'],
        changes: { direction: expect.any(String), from: BAD, to: GOOD },
      });
      expect(body.steps.map((step: { name: string }) => step.name)).toEqual([
        'stop-runs',
        'switch',
        'stop-late-runs',
        'confirm',
        'quarantine-release',
        'set-hold',
      ]);
      expect(platform.changes).toEqual([]);
    });

    it('still calls it rolled back when its events are read again', async () => {
      const { body } = await backend.post('/rollbacks', rollback);
      await ended(body.id);

      await deploy(3, BAD, 40);
      await backend.deliver(
        'workflow_run',
        workflowRun({ id: 3, sha: BAD, start: 40, end: 55 }),
      );

      expect((await environment()).currentDeployment.release.commit).toBe(GOOD);
      const { body: history } = await backend.get(
        `${SERVICE}/deployments?commit=${BAD}`,
      );
      expect(history.items).toMatchObject([{ status: 'rolled_back' }]);
    });

    it('says that it is there already, and does nothing', async () => {
      const { body } = await backend.post('/rollbacks', {
        ...rollback,
        revision: 'issuer--3',
      });

      expect(await ended(body.id)).toMatchObject({
        status: 'succeeded',
        outcome: 'already-there',
        steps: [],
      });
      expect(platform.changes).toEqual([]);
      const { body: history } = await backend.get(`${SERVICE}/deployments`);
      expect(history.items).toHaveLength(3);
    });

    it('leaves the environment as before when the revision does not get well', async () => {
      platform.broken.add('issuer--2');

      const { body } = await backend.post('/rollbacks', rollback);

      expect(await ended(body.id)).toMatchObject({
        status: 'failed',
        outcome: 'as-before',
        failure: { message: expect.stringContaining('never answers') },
      });
      expect(platform.serving).toBe('issuer--3');
      const production = await environment();
      expect(production.hold).toBeUndefined();
      expect(production.currentDeployment.release.commit).toBe(BAD);
    });

    it('refuses a second operation while one is under way', async () => {
      let open = () => {};
      platform.gate = new Promise<void>(resolve => {
        open = resolve;
      });
      const first = await backend.post('/rollbacks', rollback);

      const second = await backend.post('/rollbacks', {
        ...rollback,
        revision: 'issuer--1',
      });
      const running = (await environment()).runningOperation;
      open();

      expect(second.status).toBe(409);
      expect(second.body.error.message).toContain(first.body.id);
      expect(running).toMatchObject({ id: first.body.id, kind: 'rollback' });
      expect((await ended(first.body.id)).outcome).toBe('done');
    });

    it('redeploys a chosen release, and holds nothing', async () => {
      const { body } = await backend.post(`${PRODUCTION}/redeploy`, {
        commit: OLD,
        reason: REASON,
        confirm: 'vvp-issuer',
      });

      expect(await ended(body.id)).toMatchObject({
        kind: 'redeploy',
        outcome: 'done',
        to: { revision: 'issuer--1', commit: OLD },
      });
      expect(platform.serving).toBe('issuer--1');
      const production = await environment();
      expect(production.hold).toBeUndefined();
      expect(production.currentDeployment.release.commit).toBe(OLD);
    });

    it('cancels: what was done is undone', async () => {
      let open = () => {};
      platform.gate = new Promise<void>(resolve => {
        open = resolve;
      });
      const { body } = await backend.post('/rollbacks', rollback);

      const cancelled = await backend.post(`/operations/${body.id}/cancel`, {});
      open();

      expect(cancelled.status).toBe(202);
      expect(await ended(body.id)).toMatchObject({
        status: 'cancelled',
        outcome: 'as-before',
        cancelRequested: { by: 'user:default/mock' },
      });
      expect(platform.serving).toBe('issuer--3');
      const over = await backend.post(`/operations/${body.id}/cancel`, {});
      expect(over.status).toBe(409);
    });

    it('lets a service with a token start and cancel', async () => {
      const header = mockCredentials.service.header();

      const { body } = await backend.post('/rollbacks', rollback, header);

      expect(await ended(body.id)).toMatchObject({
        requestedBy: expect.stringMatching(/^service:/),
        outcome: 'done',
      });
    });

    it('shows nothing to those who may read nothing', async () => {
      const { body } = await backend.post('/rollbacks', rollback);
      await ended(body.id);
      denied.add('deploy.read');

      const answers = await Promise.all([
        backend.get(`/operations/${body.id}`),
        backend.get(`${SERVICE}/operations`),
        backend.get(`${PRODUCTION}/revisions`),
        backend.get('/locks'),
      ]);

      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
    });

    describe('automatic rollback', () => {
      const fresh = async () => {
        const now = new Date().toISOString();
        await backend
          .knex('deployments')
          .where({ run_id: '3' })
          .update({ finished_at: now });
      };

      async function watchUntilOver() {
        for (;;) {
          await backend.run('watch');
          const [row] = await backend.knex('deployment_watches');
          if (row && row.state !== 'watching') {
            return row;
          }
          await new Promise(resolve => setTimeout(resolve, 100));
        }
      }

      it('takes a fresh deployment back that does not get well', async () => {
        await fresh();
        platform.broken.add('issuer--3');

        const watch = await watchUntilOver();

        expect(watch).toMatchObject({ state: 'rolled-back' });
        expect(await ended(watch.operation_id)).toMatchObject({
          requestedBy: 'automatic',
          outcome: 'done',
          reason: expect.stringContaining('it never answers'),
          to: { revision: 'issuer--2' },
        });
        expect(platform.serving).toBe('issuer--2');
      });

      it('leaves a healthy one alone', async () => {
        await fresh();

        expect(await watchUntilOver()).toMatchObject({ state: 'healthy' });
        expect(platform.changes).toEqual([]);
      });

      it('never does it twice in a row', async () => {
        await backend.post(`${PRODUCTION}/hold`, {
          reason: 'Rolled back an hour ago',
        });
        await fresh();
        platform.broken.add('issuer--3');

        const watch = await watchUntilOver();

        expect(watch).toMatchObject({
          state: 'not-possible',
          note: expect.stringContaining('Rolled back an hour ago'),
        });
        expect(platform.changes).toEqual([]);
      });

      it('never goes back to a quarantined release', async () => {
        const { body: history } = await backend.get(
          `${SERVICE}/deployments?commit=${GOOD}`,
        );
        await backend.post(
          `/releases/${history.items[0].release.id}/quarantine`,
          {
            reason: 'It loses messages under load',
          },
        );
        await fresh();
        platform.broken.add('issuer--3');

        const watch = await watchUntilOver();

        expect(await ended(watch.operation_id)).toMatchObject({
          to: { revision: 'issuer--1' },
        });
      });

      it('looks at no deployment from before the portal was there', async () => {
        platform.broken.add('issuer--3');

        await backend.run('watch');

        expect(await backend.knex('deployment_watches')).toEqual([]);
      });
    });
  }
});
