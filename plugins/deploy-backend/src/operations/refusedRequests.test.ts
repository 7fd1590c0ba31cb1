import { TestDatabases } from '@backstage/backend-test-utils';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import {
  OLD,
  PRODUCTION,
  REASON,
  rollback,
  SERVICE,
} from './__testUtils__/startIssuer';
import { startOperations } from './__testUtils__/startOperations';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

/** One backend for all: what is refused, or only reads, leaves nothing behind. */
describe.each(oneDatabase(databases))('requests on %s', databaseId => {
  let world: Awaited<ReturnType<typeof startOperations>>;
  let backend: typeof world.backend;
  let platform: typeof world.platform;
  const denied = new Set<string>();

  beforeAll(async () => {
    world = await startOperations({ databases, databaseId, denied });
    ({ backend, platform } = world);
  });

  afterAll(() => world.backend.stop());

  beforeEach(() => denied.clear());

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

  it('tells what the target tells', async () => {
    const { body } = await backend.get(`${PRODUCTION}/diagnostics`);

    expect(body).toMatchObject({
      health: { state: 'healthy' },
      facts: [{ label: 'Serves', value: 'issuer--3' }],
      logs: [{ source: 'api', lines: ['started', expect.any(String)] }],
    });
    expect(JSON.stringify(body)).not.toContain('hunter2');
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
});
