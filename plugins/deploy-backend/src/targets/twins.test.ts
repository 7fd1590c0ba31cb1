import { createBackendModule } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { InputError } from '@backstage/errors';
import { deployTargetsExtensionPoint } from '@vvp/backstage-plugin-deploy-node';
import { isOneDatabase } from '../__testUtils__/oneDatabase';
import { component } from '../__testUtils__/entities';
import {
  startDeployBackend,
  TestBackend,
} from '../__testUtils__/startDeployBackend';
import { FakePlatform } from '../operations/__testUtils__/FakePlatform';
import { fillClaims } from './twinClaims';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const HOME = 'https://files.example.test/example-org/vvp';
const SPEC_URL = `${HOME}/deploy.yaml`;
const REASON = 'It answers 500 to every second request';

/** Where the connections of the test lead to, and which one is not for every repository. */
const subscriptions = new Map([
  [undefined, 'subscription-1'],
  ['vvp', 'subscription-1'],
  ['other', 'subscription-2'],
]);

const app = (connection?: string) =>
  `{ type: azure-container-app, resourceGroup: VVP, name: vvp-issuer${
    connection ? `, connection: ${connection}` : ''
  } }`;

/** A deploy.yaml of one service, environments by name with their targets, or with all in their braces. */
function spec(service: string, environments: Record<string, string>): string {
  return `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: vvp }
spec:
  environments:
    - { name: development, tier: development }
    - { name: staging, tier: staging }
    - { name: live, tier: production }
    - { name: production, tier: production }
  services:
    ${service}:
      entity: component:default/${service}
      environments:
${Object.entries(environments)
  .map(
    ([name, target]) =>
      `        ${name}: ${
        target.startsWith('{ type:') ? `{ target: ${target} }` : target
      }\n`,
  )
  .join('')}`;
}

/** In place of a target: a workflow of the environment. */
const DEPLOY =
  '{ workflow: deploy.yml, inputs: { environment: production }, releaseInput: sha }';

const entity = (name: string, url: string, repository?: string) =>
  component(name, {
    key: name,
    repository,
    annotations: { 'deploy.vvp.io/spec': url },
  });

const at = (service: string, environment: string) =>
  `/services/component/default/${service}/environments/${environment}`;

describe.each(databases.eachSupportedId())(
  'two environments on one target on %s',
  databaseId => {
    let backend: TestBackend;
    let platform: FakePlatform;

    beforeEach(async () => {
      platform = new FakePlatform([{ id: 'issuer--2' }, { id: 'issuer--1' }]);
      const target = platform.target('azure-container-app');
      backend = await startDeployBackend({
        databases,
        databaseId,
        entities: [entity('issuer', SPEC_URL)],
        files: { [SPEC_URL]: spec('issuer', { production: app() }) },
        features: [
          createBackendModule({
            pluginId: 'deploy',
            moduleId: 'fake-target',
            register(env) {
              env.registerInit({
                deps: { targets: deployTargetsExtensionPoint },
                async init({ targets }) {
                  targets.addTarget({
                    ...target,
                    describe: environment => {
                      const { connection } = environment.target as {
                        connection?: string;
                      };
                      const subscription = subscriptions.get(connection);
                      if (
                        !subscription ||
                        !environment.repository.startsWith('example-org/')
                      ) {
                        throw new InputError('target.connection: none');
                      }
                      return {
                        ...target.describe(environment),
                        lockKey: `azure-container-app:${subscription}/vvp-issuer`,
                      };
                    },
                  });
                },
              });
            },
          }),
        ],
      });
    });

    afterEach(() => backend.stop());

    /** Another deploy.yaml of the repository, or of another one, comes in. */
    async function addTwin(
      environments: Record<string, string>,
      options: { repository?: string; service?: string; url?: string } = {},
    ) {
      const { service = 'side', repository = 'example-org/vvp' } = options;
      const url =
        options.url ??
        `https://files.example.test/${repository}/${service}/deploy.yaml`;
      backend.files.set(url, spec(service, environments));
      backend.entities.push(entity(service, url, repository));
      await backend.run('catalog-sync');
    }

    /** What a request to restart is answered with: the status, and the message of a refusal. */
    async function restart(service: string, environment: string) {
      const { status, body } = await backend.post(
        `${at(service, environment)}/restart`,
        { reason: REASON, confirm: service },
      );
      return [status, body.error?.message];
    }

    async function operable(service: string) {
      const { body } = await backend.get(
        `/services/component/default/${service}`,
      );
      return Object.fromEntries(
        body.environments.map((one: { name: string; operable?: boolean }) => [
          one.name,
          Boolean(one.operable),
        ]),
      );
    }

    const lock = () =>
      backend.post(`${at('issuer', 'production')}/lock`, {
        reason: 'Database is being moved',
      });

    it.each([
      ['the same connection', 'development', undefined],
      ['another name of the connection', 'development', 'vvp'],
      ['the same tier', 'production', undefined],
    ])(
      'in two files: a lock on production is not walked around with %s',
      async (_, name, connection) => {
        await addTwin({ [name]: app(connection) });
        await lock();

        const twin = await restart('side', name);
        const revisions = await backend.get(`${at('side', name)}/revisions`);
        const preview = await backend.post('/rollbacks/preview', {
          entityRef: 'component:default/side',
          environment: name,
          revision: 'issuer--1',
        });
        const rollback = await backend.post('/rollbacks', {
          entityRef: 'component:default/side',
          environment: name,
          revision: 'issuer--1',
          reason: REASON,
          confirm: 'side',
        });
        const redeploy = await backend.post(`${at('side', name)}/redeploy`, {
          reason: REASON,
          confirm: 'side',
        });

        expect(twin).toEqual([
          403,
          expect.stringMatching(
            /^Another service's environment of tier production has the same target/,
          ),
        ]);
        expect(twin[1]).not.toContain('issuer');
        expect(
          [revisions, preview, rollback, redeploy].map(({ status }) => status),
        ).toEqual([403, 403, 403, 403]);
        expect(await operable('side')).toEqual({ [name]: false });
        const { body } = await backend.get('/services/component/default/side');
        expect(body.environments).toEqual([
          expect.objectContaining({ name, inoperable: twin[1] }),
        ]);
        expect(await restart('issuer', 'production')).toEqual([
          409,
          expect.stringContaining('Database is being moved'),
        ]);
        expect(platform.changes).toEqual([]);
        expect(backend.logger.warn).toHaveBeenCalledWith(
          'An environment is not driven: another one on its target goes first',
          {
            entityRef: 'component:default/side',
            environment: name,
            firstEntityRef: 'component:default/issuer',
            firstEnvironment: 'production',
          },
        );
      },
    );

    it('one that turns to the target of another comes after it, however long it is known', async () => {
      backend.files.set(SPEC_URL, spec('issuer', { production: app('other') }));
      await backend.run('spec-refresh');
      await addTwin({ production: app() }, { service: 'side' });
      expect(await operable('side')).toEqual({ production: true });
      expect(await operable('issuer')).toEqual({ production: true });

      backend.files.set(SPEC_URL, spec('issuer', { production: app('vvp') }));
      await backend.run('spec-refresh');

      expect(await operable('side')).toEqual({ production: true });
      expect(await operable('issuer')).toEqual({ production: false });
    });

    it('the other one is driven when the first has left the catalog', async () => {
      await addTwin({ development: app() });
      expect(await operable('side')).toEqual({ development: false });

      backend.entities.splice(0, 1);
      await backend.run('catalog-sync');

      expect(await operable('side')).toEqual({ development: true });
    });

    it('a lock is not walked around by renaming the environment', async () => {
      await lock();
      backend.files.set(SPEC_URL, spec('issuer', { live: app() }));
      await backend.run('spec-refresh');

      expect(await restart('issuer', 'live')).toEqual([
        403,
        'The environment production of this service is locked, and had the target of live when it was. Release that lock first.',
      ]);

      await backend.delete(`${at('issuer', 'production')}/lock`);
      expect(await restart('issuer', 'live')).toEqual([202, undefined]);
    });

    it('a lock of a laxer tier in the same repository counts, too', async () => {
      backend.files.set(SPEC_URL, spec('issuer', { staging: app() }));
      await backend.run('spec-refresh');
      await addTwin({ production: app('vvp') });
      expect(await operable('side')).toEqual({ production: true });

      await backend.post(`${at('issuer', 'staging')}/lock`, { reason: REASON });

      expect(await restart('side', 'production')).toEqual([
        403,
        "Another service's environment of tier staging is locked, and has the same target as production. Release that lock first.",
      ]);
      await backend.delete(`${at('issuer', 'staging')}/lock`);
      expect(await restart('side', 'production')).toEqual([202, undefined]);
    });

    it.each(['example-org/vvp', 'example-org/other'])(
      'a lock is not lifted by taking the entity out of the catalog, with a twin in %s',
      async repository => {
        await addTwin({ staging: app() }, { repository });
        await lock();
        const [issuer] = backend.entities.splice(0, 1);

        await backend.run('catalog-sync');

        expect(await restart('side', 'staging')).toEqual([
          403,
          "Another service's environment of tier production is locked, and has the same target as staging; its entity left the catalog. Register that entity again, and release the lock first.",
        ]);

        backend.entities.push(issuer);
        await backend.run('catalog-sync');
        await backend.delete(`${at('issuer', 'production')}/lock`);
        backend.entities.pop();
        await backend.run('catalog-sync');
        expect(await restart('side', 'staging')).toEqual([202, undefined]);
      },
    );

    it('a lock that ran out is none', async () => {
      await lock();
      backend.files.set(SPEC_URL, spec('issuer', { live: app() }));
      await backend.run('spec-refresh');
      await backend
        .knex('locks')
        .update({ expires_at: '2026-01-01T00:00:00.000Z' });

      expect(await operable('issuer')).toEqual({
        live: true,
        production: false,
      });
    });

    it('are found among environments that were declared before targets were kept', async () => {
      await addTwin({ development: app() });
      await backend.knex('environment_targets').delete();
      expect(await operable('side')).toEqual({ development: true });

      await fillClaims(backend.knex, new Date());

      expect(await operable('side')).toEqual({ development: false });
      expect(await operable('issuer')).toEqual({ production: true });
    });

    // What these ask of the database, the others ask of both.
    if (isOneDatabase(databases, databaseId)) {
      it('in one file are refused, and the last good file is kept', async () => {
        await lock();
        backend.files.set(
          SPEC_URL,
          spec('issuer', { staging: app('vvp'), production: app() }),
        );

        await backend.run('spec-refresh');

        const { body } = await backend.get(
          '/services/component/default/issuer',
        );
        expect(body.specProblem.message).toContain(
          'the environments "staging" of "issuer" and "production" of "issuer" have the same target',
        );
        expect(await operable('issuer')).toEqual({ production: true });
        expect(await restart('issuer', 'staging')).toEqual([
          404,
          expect.any(String),
        ]);
        expect(await restart('issuer', 'production')).toEqual([
          409,
          expect.stringContaining('Database is being moved'),
        ]);
        expect(platform.changes).toEqual([]);
      });

      it.each(['development', 'production'])(
        'in two files: production is still driven beside a twin of tier %s that came later',
        async name => {
          await addTwin({ [name]: app() }, { service: 'a-side' });

          expect(await restart('issuer', 'production')).toEqual([
            202,
            undefined,
          ]);
          expect(await operable('issuer')).toEqual({ production: true });
        },
      );

      it('a workflow is one target of its repository, whatever its environments are called', async () => {
        const workflow =
          '{ type: github-workflow, workflow: deploy.yml, inputs: { environment: production }, releaseInput: commit }';
        backend.files.set(SPEC_URL, spec('issuer', { production: workflow }));
        await backend.run('spec-refresh');

        await addTwin({ development: workflow });
        await addTwin(
          { development: workflow },
          { service: 'elsewhere', repository: 'example-org/other' },
        );

        expect(await operable('issuer')).toEqual({ production: true });
        expect(await operable('side')).toEqual({ development: false });
        expect(await operable('elsewhere')).toEqual({ development: true });
      });

      it('a stricter tier goes first, although it came later', async () => {
        backend.files.set(SPEC_URL, spec('issuer', { staging: app() }));
        await backend.run('spec-refresh');
        expect(await operable('issuer')).toMatchObject({ staging: true });

        await addTwin({ production: app() });

        expect(await operable('issuer')).toMatchObject({ staging: false });
        expect(await operable('side')).toEqual({ production: true });
      });

      it.each([
        [
          'may not use the connection',
          { repository: 'mallory/x', service: 'a-side' },
        ],
        [
          'has its file elsewhere',
          {
            service: 'a-side',
            url: 'https://files.example.test/mallory/x/deploy.yaml',
          },
        ],
      ])('one that %s stands in nobody’s way', async (_, options) => {
        backend.files.set(SPEC_URL, spec('issuer', { staging: app() }));
        await backend.run('spec-refresh');

        await addTwin({ production: app() }, options);

        expect(await operable('a-side')).toEqual({ production: false });
        expect(await operable('issuer')).toMatchObject({ staging: true });
      });

      it('nor by moving its target to another service', async () => {
        await lock();
        backend.files.set(
          SPEC_URL,
          spec('issuer', { production: app('other') }),
        );
        await backend.run('spec-refresh');
        await addTwin({ development: app() });

        expect(await restart('side', 'development')).toEqual([
          403,
          "Another service's environment of tier production is locked, and had the target of development when it was. Release that lock first.",
        ]);
      });

      it('but not one of another repository: nobody blocks production so', async () => {
        await addTwin(
          { development: app() },
          { service: 'elsewhere', repository: 'example-org/other' },
        );

        await backend.post(`${at('elsewhere', 'development')}/lock`, {
          reason: REASON,
        });

        expect(await restart('issuer', 'production')).toEqual([202, undefined]);
      });

      it('a lock keeps the tier that it was set in', async () => {
        await lock();
        backend.files.set(
          SPEC_URL,
          spec('issuer', { production: app('other') }).replace(
            'name: production, tier: production',
            'name: production, tier: development',
          ),
        );
        await backend.run('spec-refresh');
        await addTwin(
          { staging: app() },
          { service: 'elsewhere', repository: 'example-org/other' },
        );

        expect(await restart('elsewhere', 'staging')).toEqual([
          403,
          "Another service's environment of tier production is locked, and had the target of staging when it was. Release that lock first.",
        ]);
      });

      it('nor by naming another repository in the entity', async () => {
        await addTwin({ staging: app() });
        await lock();
        backend.entities.splice(
          0,
          1,
          entity('issuer', SPEC_URL, 'example-org/moved'),
        );

        await backend.run('catalog-sync');

        expect(await operable('side')).toEqual({ staging: false });
      });

      it('a workflow that deploys is no way around a lock in one file', async () => {
        backend.files.set(
          SPEC_URL,
          spec('issuer', {
            production: `{ workflows: { deploy: ${DEPLOY} } }`,
          }),
        );
        await backend.run('spec-refresh');
        await lock();
        backend.files.set(
          SPEC_URL,
          spec('issuer', {
            production: `{ workflows: { deploy: ${DEPLOY} } }`,
            development: `{ workflows: { deploy: ${DEPLOY} } }`,
          }),
        );

        await backend.run('spec-refresh');

        const { body } = await backend.get(
          '/services/component/default/issuer',
        );
        expect(body.specProblem.message).toContain(
          'may be deployed to by the same run of a workflow',
        );
        const redeploy = await backend.post(
          `${at('issuer', 'development')}/redeploy`,
          { reason: REASON },
        );
        expect(redeploy.status).toBe(404);
      });

      it.each([
        ['deploy', 'redeploy', { reason: REASON }],
        ['integrationTests', 'rerun-tests', {}],
      ])(
        'a workflow that deploys is no way around a lock in another file, as %s',
        async (kind, verb, request) => {
          backend.files.set(
            SPEC_URL,
            spec('issuer', {
              production: `{ workflows: { deploy: ${DEPLOY} } }`,
            }),
          );
          await backend.run('spec-refresh');
          const call = `{ workflows: { ${kind}: ${DEPLOY.replace(
            'environment:',
            'verbose: "true", environment:',
          )} } }`;
          await addTwin({ development: call });
          await addTwin(
            { development: call },
            { service: 'elsewhere', repository: 'example-org/other' },
          );

          const twin = await backend.post(
            `${at('side', 'development')}/${verb}`,
            request,
          );
          const first = await backend.post(
            `${at('issuer', 'production')}/redeploy`,
            { reason: REASON, confirm: 'issuer' },
          );
          const other = await backend.post(
            `${at('elsewhere', 'development')}/${verb}`,
            request,
          );

          expect([twin.status, first.status, other.status]).toEqual([
            403, 202, 202,
          ]);
          expect(twin.body.error.message).toBe(
            "Another service's environment of tier production has the same workflow as development and goes first, so that its locks and confirmations count. Operate that one, or give the workflow of development an input with a value of its own in deploy.yaml.",
          );
        },
      );

      it('tests may be shared by files', async () => {
        const tests =
          '{ workflows: { integrationTests: { workflow: tests.yml } } }';
        backend.files.set(SPEC_URL, spec('issuer', { production: tests }));
        await backend.run('spec-refresh');
        await addTwin({ production: tests });

        const answers = await Promise.all(
          ['issuer', 'side'].map(service =>
            backend.post(`${at(service, 'production')}/rerun-tests`, {}),
          ),
        );

        expect(answers.map(({ status }) => status)).toEqual([202, 202]);
      });
    }
  },
);
