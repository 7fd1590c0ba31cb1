import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { component } from '../__testUtils__/entities';
import { workflowJob, workflowRun } from '../__testUtils__/github';
import {
  startDeployBackend,
  TestBackend,
} from '../__testUtils__/startDeployBackend';
import { FakePlatform } from './__testUtils__/FakePlatform';

jest.setTimeout(30_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const SPEC_URL = 'https://files.example.test/example-org/vvp/deploy.yaml';
const GOOD = 'a'.repeat(40);
const BAD = 'b'.repeat(40);
const OLD = 'c'.repeat(40);

const target = (name: string) =>
  `{ type: azure-container-app, resourceGroup: VVP, name: ${name} }`;

const SPEC = `
apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata:
  name: vvp
spec:
  environments:
    - { name: staging, tier: staging }
    - { name: production, tier: production }
  services:
    issuer:
      entity: component:default/vvp-issuer
      paths: [services/issuer/**]
      environments:
        staging:
          version: { url: 'http://127.0.0.1:1/version', commit: $.git_sha }
          target: ${target('vvp-issuer-staging')}
        production:
          target: ${target('vvp-issuer')}
          rollback: { automatic: true, checks: 4, secondsBetweenChecks: 1 }
          jobs:
            - { workflow: deploy.yml, job: deploy-issuer }
    pbx:
      entity: component:default/vvp-pbx
      environments:
        production:
          jobs:
            - { workflow: deploy.yml, job: deploy-pbx }
`;

const SERVICE = '/services/component/default/vvp-issuer';
const PRODUCTION = `${SERVICE}/environments/production`;
const REASON = 'It answers 500 to every second request';

const revision = (id: string, commit: string) => ({
  id,
  commit,
  artifact: `registry.example.test/vvp-issuer:${commit}`,
  createdAt: '2026-01-05T12:00:00.000Z',
});

const rollback = {
  entityRef: 'component:default/vvp-issuer',
  environment: 'production',
  revision: 'issuer--2',
  reason: REASON,
  confirm: 'vvp-issuer',
};

describe.each(databases.eachSupportedId())('operations on %s', databaseId => {
  let backend: TestBackend;
  let platform: FakePlatform;
  const denied = new Set<string>();

  beforeEach(async () => {
    denied.clear();
    platform = new FakePlatform([
      revision('issuer--3', BAD),
      revision('issuer--2', GOOD),
      revision('issuer--1', OLD),
    ]);
    backend = await startDeployBackend({
      databases,
      databaseId,
      entities: ['issuer', 'pbx'].map(key =>
        component(`vvp-${key}`, {
          key,
          annotations: { 'deploy.vvp.io/spec': SPEC_URL },
        }),
      ),
      files: { [SPEC_URL]: SPEC },
      features: [platform.module()],
      decide: permission => ({
        result: denied.has(permission)
          ? AuthorizeResult.DENY
          : AuthorizeResult.ALLOW,
      }),
    });
    await deploy(1, OLD, 0);
    await deploy(2, GOOD, 20);
    await deploy(3, BAD, 40);
  });

  afterEach(() => backend.stop());

  async function deploy(id: number, sha: string, start: number) {
    const run = { id, sha, start };
    await backend.deliver('workflow_run', workflowRun(run));
    await backend.deliver(
      'workflow_job',
      workflowJob({
        id: id * 10,
        runId: id,
        name: 'deploy-issuer',
        sha,
        start,
      }),
    );
  }

  async function operation(id: string) {
    return (await backend.get(`/operations/${id}`)).body;
  }

  async function ended(id: string) {
    for (;;) {
      const found = await operation(id);
      if (!['queued', 'running'].includes(found.status)) {
        return found;
      }
      await new Promise(resolve => setTimeout(resolve, 50));
    }
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

  it.each([
    ['no reason', { reason: undefined }, 400, /reason/],
    ['a reason that says nothing', { reason: '          ' }, 400, /reason/],
    ['no confirmation', { confirm: undefined }, 400, /vvp-issuer/],
    ['another word', { confirm: 'production' }, 400, /vvp-issuer/],
    ['a revision that is not there', { revision: 'nothing' }, 404, /Choose/],
    [
      'a service that is not there',
      { entityRef: 'component:default/x' },
      404,
      /./,
    ],
    ['an environment that is not there', { environment: 'moon' }, 404, /moon/],
    ['another member', { force: true }, 400, /./],
  ])('refuses a rollback with %s', async (_, change, status, message) => {
    const answer = await backend.post('/rollbacks', { ...rollback, ...change });

    expect(answer.status).toBe(status);
    expect(answer.body.error.message).toMatch(message);
    expect(platform.changes).toEqual([]);
    const { body } = await backend.get(`${SERVICE}/operations`);
    expect(body.items).toEqual([]);
  });

  it('refuses a rollback of a service without a target, and says what to add', async () => {
    const answer = await backend.post('/rollbacks', {
      ...rollback,
      entityRef: 'component:default/vvp-pbx',
      confirm: 'vvp-pbx',
    });

    expect(answer.status).toBe(404);
    expect(answer.body.error.message).toMatch(/Add "target"/);
  });

  it.each([
    ['credentials', 503],
    ['denied', 503],
    ['transient', 503],
    ['busy', 409],
  ] as const)(
    'stores nothing when the platform answers %s before',
    async (kind, status) => {
      platform.failures.push({ method: 'plan', kind });

      const answer = await backend.post('/rollbacks', rollback);

      expect(answer.status).toBe(status);
      expect(answer.body.error.message).toMatch(/Do something about it/);
      const { body } = await backend.get(`${SERVICE}/operations`);
      expect(body.items).toEqual([]);
    },
  );

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

  it.each([
    ['redeploy', { reason: REASON, confirm: 'vvp-issuer' }, /workflows.deploy/],
    ['rerun-tests', {}, /workflows.integrationTests/],
  ])('says what deploy.yaml lacks for %s', async (verb, body, message) => {
    const answer = await backend.post(`${PRODUCTION}/${verb}`, body);

    expect(answer.status).toBe(404);
    expect(answer.body.error.message).toMatch(message);
  });

  it('refuses before anything happens what could not be proven', async () => {
    const answer = await backend.post('/rollbacks', {
      ...rollback,
      environment: 'staging',
    });

    expect(answer.status).toBe(409);
    expect(answer.body.error.message).toMatch(
      /could not be proven.*versionHosts/,
    );
    expect(platform.changes).toEqual([]);
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

  it('tells what the target tells', async () => {
    const { body } = await backend.get(`${PRODUCTION}/diagnostics`);

    expect(body).toMatchObject({
      health: { state: 'healthy' },
      facts: [{ label: 'Serves', value: 'issuer--3' }],
      logs: [{ source: 'api', lines: ['started', expect.any(String)] }],
    });
    expect(JSON.stringify(body)).not.toContain('hunter2');
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

  it.each([
    ['deploy.rollback', '/rollbacks', rollback],
    [
      'deploy.deploy',
      `${PRODUCTION}/redeploy`,
      { commit: OLD, reason: REASON, confirm: 'vvp-issuer' },
    ],
    [
      'deploy.operate',
      `${PRODUCTION}/restart`,
      { reason: REASON, confirm: 'vvp-issuer' },
    ],
    ['deploy.operate', `${PRODUCTION}/rerun-tests`, {}],
    ['deploy.operate', `${PRODUCTION}/hold`, { reason: REASON }],
    ['deploy.lock', `${PRODUCTION}/lock`, { reason: REASON }],
  ])('needs %s for %s', async (permission, path, body) => {
    denied.add(permission);

    const answer = await backend.post(path, body);

    expect(answer.status).toBe(403);
    expect(answer.body.error.message).toContain(permission);
    expect(platform.changes).toEqual([]);
  });

  it('tells in the preview that the permission is missing', async () => {
    denied.add('deploy.rollback');

    const { body } = await backend.post('/rollbacks/preview', {
      entityRef: rollback.entityRef,
      environment: 'production',
      revision: 'issuer--2',
    });

    expect(body.admission.refusals).toMatchObject([
      { code: 'permission', clearedBy: 'deploy.rollback' },
    ]);
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
});
