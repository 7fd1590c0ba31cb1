import { createBackendModule } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import {
  DeployTarget,
  deployTargetsExtensionPoint,
} from '@vvp/backstage-plugin-deploy-node';
import { component } from '../__testUtils__/entities';
import { oneDatabase } from '../__testUtils__/oneDatabase';
import {
  startDeployBackend,
  TestBackend,
} from '../__testUtils__/startDeployBackend';
import { FakePlatform } from './__testUtils__/FakePlatform';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const SPEC_URL = 'https://files.example.test/example-org/vvp/deploy.yaml';
const GOOD = 'a'.repeat(40);
const BAD = 'b'.repeat(40);
const STAGING = '/services/component/default/vvp-issuer/environments/staging';

const SPEC = `
apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata:
  name: vvp
spec:
  environments:
    - { name: staging, tier: staging }
  services:
    issuer:
      entity: component:default/vvp-issuer
      environments:
        staging:
          target: { type: azure-container-app, resourceGroup: VVP, name: vvp-issuer }
          rollback: { checks: 4, secondsBetweenChecks: 1 }
`;

const request = {
  entityRef: 'component:default/vvp-issuer',
  environment: 'staging',
  revision: 'issuer--1',
};
const reason = 'It answers 500 to every second request';

/** What a target makes of a page of a proxy, of a member that is missing, of one of another type. */
const page = (): never => {
  throw new SyntaxError(
    'Unexpected token \'<\', "<html><bod"... is not valid JSON',
  );
};
const missing = (): never => {
  const answer = {} as { properties: { template: string } };
  throw new Error(answer.properties.template);
};

describe.each(oneDatabase(databases))(
  'what a platform should not answer, on %s',
  databaseId => {
    let backend: TestBackend;
    let platform: FakePlatform;
    /** What the target answers instead, by method. */
    let answers: Partial<Record<keyof DeployTarget, () => unknown>>;

    beforeAll(async () => {
      platform = new FakePlatform([
        { id: 'issuer--2', commit: BAD },
        { id: 'issuer--1', commit: GOOD },
      ]);
      backend = await startDeployBackend({
        databases,
        databaseId,
        entities: [
          component('vvp-issuer', {
            key: 'issuer',
            annotations: { 'deploy.vvp.io/spec': SPEC_URL },
          }),
        ],
        files: { [SPEC_URL]: SPEC },
        features: [moduleOf(platform.target('azure-container-app'))],
      });
    });

    beforeEach(async () => {
      answers = {};
      platform.serving = 'issuer--2';
      platform.changes.length = 0;
      await backend.knex('operations').delete();
    });

    afterAll(() => backend.stop());

    function moduleOf(target: DeployTarget) {
      const changed = new Proxy(target, {
        get: (inner, name: keyof DeployTarget) =>
          typeof inner[name] === 'function' && name !== 'describe'
            ? async (...args: unknown[]) =>
                answers[name]?.() ?? (inner[name] as Function)(...args)
            : inner[name],
      });
      return createBackendModule({
        pluginId: 'deploy',
        moduleId: 'odd-target',
        register(env) {
          env.registerInit({
            deps: { targets: deployTargetsExtensionPoint },
            async init({ targets }) {
              targets.addTarget(changed);
            },
          });
        },
      });
    }

    const plan = {
      alreadyThere: false,
      steps: [],
      configuration: [],
      notRestored: [],
      artifact: { state: 'unknown' },
    };

    const asks: Record<string, () => Promise<{ status: number; body: any }>> = {
      preview: () => backend.post('/rollbacks/preview', request),
      rollback: () => backend.post('/rollbacks', { ...request, reason }),
      restart: () => backend.post(`${STAGING}/restart`, { reason }),
      revisions: () => backend.get(`${STAGING}/revisions`),
      diagnostics: () => backend.get(`${STAGING}/diagnostics`),
    };

    it.each<[keyof typeof asks, keyof DeployTarget, string, () => unknown]>([
      ['preview', 'planRollback', 'a page', page],
      ['preview', 'planRollback', 'nothing', missing],
      ['preview', 'planRollback', 'a text', () => '<html>'],
      ['preview', 'planRollback', 'no steps', () => ({ ...plan, steps: 0 })],
      [
        'preview',
        'planRollback',
        'a revision without a name',
        () => ({ ...plan, to: { current: false } }),
      ],
      ['rollback', 'planRollback', 'a page', page],
      ['rollback', 'planRollback', 'nothing', missing],
      [
        'rollback',
        'planRollback',
        'another type',
        () => ({ ...plan, steps: [7] }),
      ],
      ['restart', 'planRestart', 'a page', page],
      ['restart', 'planRestart', 'nothing', () => ({})],
      ['revisions', 'revisions', 'a page', page],
      ['revisions', 'revisions', 'no list', () => ({ value: [] })],
      ['revisions', 'revisions', 'numbers', () => [{ id: 7, current: true }]],
      ['diagnostics', 'diagnostics', 'a page', page],
      ['diagnostics', 'diagnostics', 'nothing', missing],
      ['diagnostics', 'diagnostics', 'no health', () => ({ facts: [] })],
    ])('a %s says so when %s gets %s', async (ask, method, _case, answer) => {
      answers[method] = answer;

      const { status, body } = await asks[ask]();
      answers = {};
      const { body: stored } = await backend.get(
        '/services/component/default/vvp-issuer/operations',
      );

      expect(status).toBe(503);
      expect(body.error).toMatchObject({
        name: 'ServiceUnavailableError',
        message:
          'Fake staging answered something that the portal cannot read. Try again. If it stays so, read in the log of the portal what is wrong, and look whether a proxy answers for the platform.',
      });
      expect(JSON.stringify(body)).not.toMatch(/html|undefined|\.ts:/);
      expect(stored.items).toEqual([]);
      expect(platform.changes).toEqual([]);
    });

    it.each([
      [
        'its connection',
        Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:443'), {
          code: 'ECONNREFUSED',
        }),
        /Fake staging could not be reached, or the connection broke. Try again/,
      ],
      [
        'the database',
        Object.assign(new Error('select * from "secrets" - no such table'), {
          code: 'SQLITE_ERROR',
        }),
        /Fake staging could not be asked: the database of the portal/,
      ],
    ])(
      'a preview tells nothing of %s but that it broke',
      async (_case, error, message) => {
        answers.planRollback = () => {
          throw error;
        };

        const { status, body } = await asks.preview();

        expect(status).toBe(503);
        expect(body.error.message).toMatch(message);
        expect(JSON.stringify(body)).not.toMatch(/10\.0\.0\.7|secrets/);
      },
    );

    it('a proof looks again when it gets a page', async () => {
      let pages = 2;
      answers.verify = () => {
        if (pages > 0) {
          pages -= 1;
          return page();
        }
        return undefined;
      };

      const { body } = await asks.rollback();
      const read = async () =>
        (await backend.get(`/operations/${body.id}`)).body;
      let operation = await read();
      while (['queued', 'running'].includes(operation.status)) {
        operation = await read();
      }

      expect(operation).toMatchObject({ status: 'succeeded', outcome: 'done' });
      expect(platform.serving).toBe('issuer--1');
    });

    it('keeps operations as long as the retention says', async () => {
      const { body } = await asks.restart();
      const list = async () =>
        (await backend.get('/services/component/default/vvp-issuer/operations'))
          .body.items;
      let [operation] = await list();
      while (['queued', 'running'].includes(operation.status)) {
        [operation] = await list();
      }
      const daysAgo = (days: number) =>
        new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString();
      const age = (days: number) =>
        backend.knex('operations').update({ finished_at: daysAgo(days) });

      await age(399);
      await backend.run('operation-prune');
      const kept = await list();
      await age(401);
      await backend.run('operation-prune');

      expect(kept).toMatchObject([{ id: body.id }]);
      expect(await list()).toEqual([]);
      expect((await backend.get(`/operations/${body.id}`)).status).toBe(404);
    });
  },
);
