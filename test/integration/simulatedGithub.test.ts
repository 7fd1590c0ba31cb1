import { join, resolve } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { component } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/entities';
import {
  startDeployBackend,
  TestBackend,
  WEBHOOK_SECRET,
} from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/startDeployBackend';
import {
  GithubSimulator,
  startGithubSimulator,
} from '../simulators/github/client';
import { expectNoViolations, REPOSITORIES } from '../simulators/github/testing';
import { findFreePort, githubIntegration } from './loopbackGithub';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const EXAMPLES = resolve(__dirname, '..', '..', 'examples');
const TOKEN = 'token-of-the-portal';

const services = [
  'verifier',
  'issuer',
  'witness-wan',
  'witness-wil',
  'witness-wes',
  'sip-redirect',
  'sip-verify',
  'pbx-config',
];

describe.each(databases.eachSupportedId())(
  'the plugin and GitHub, on %s',
  databaseId => {
    let backend: TestBackend;
    let github: GithubSimulator;

    beforeAll(async () => {
      const port = await findFreePort();
      const host = `127.0.0.1:${port}`;
      backend = await startDeployBackend({
        databases,
        databaseId,
        config: {
          integrations: githubIntegration(host, TOKEN),
        },
      });
      github = await startGithubSimulator({
        port,
        start: new Date(Date.now() - 3 * 3_600_000).toISOString(),
        tokens: { [TOKEN]: 'deploy-portal[bot]' },
        webhookUrls: [`${backend.url}/api/events/http/github`],
        webhookSecret: WEBHOOK_SECRET,
      });
      await github.createRepository({
        owner: 'example-org',
        name: 'vvp',
        folder: join(EXAMPLES, 'vvp'),
      });
      backend.entities.push(
        ...services.map(key =>
          component(`vvp-${key}`, {
            key,
            location: `${github.url}/example-org/vvp/blob/main/catalog-info.yaml`,
          }),
        ),
      );
      await backend.run('catalog-sync');
    });

    afterAll(async () => {
      await expectNoViolations(github, `plugin-${databaseId}`);
      await github.stop();
      await backend.stop();
    });

    async function deploymentsOf(key: string): Promise<
      {
        source: string;
        status: string;
        createdAt: string;
        release: { commit: string };
      }[]
    > {
      const { body } = await backend.get(
        `/services/component/default/vvp-${key}/deployments`,
      );
      return body.items;
    }

    /** How many deployments each service has. */
    async function counts(): Promise<Record<string, number>> {
      const entries = await Promise.all(
        services.map(
          async key => [key, (await deploymentsOf(key)).length] as const,
        ),
      );
      return Object.fromEntries(entries.filter(([, count]) => count > 0));
    }

    it('reads deploy.yaml where it is, and keeps it with its commit', async () => {
      const { body } = await backend.get(
        '/services/component/default/vvp-verifier',
      );
      const spec = await backend.knex('specs').first();

      expect(body.environments).toEqual([
        expect.objectContaining({ name: 'production', tier: 'production' }),
      ]);
      expect(spec.commit_sha).toMatch(/^[0-9a-f]{40}$/);
    });

    it('gives a push that changes the verifier to the verifier alone', async () => {
      const before = await counts();
      const { sha } = await github.push('example-org/vvp', {
        message: 'Verifier: fix',
        files: { 'services/verifier/app/changed.py': 'print(1)\n' },
      });
      await github.flush();

      expect(await counts()).toEqual({
        ...before,
        verifier: (before.verifier ?? 0) + 1,
      });
      const [newest] = await deploymentsOf('verifier');
      expect(newest).toMatchObject({
        status: 'succeeded',
        release: { commit: sha },
      });
    });

    it('gives a change of the witness to the three witnesses', async () => {
      await github.push('example-org/vvp', {
        message: 'Witness: fix',
        files: { 'services/witness/changed.txt': '1\n' },
      });
      await github.flush();

      const witnesses = await counts();
      expect(witnesses).toMatchObject({
        'witness-wan': 1,
        'witness-wil': 1,
        'witness-wes': 1,
      });
      expect(witnesses['sip-redirect']).toBeUndefined();
    });

    it('stops the chain of the VM where a deployment fails', async () => {
      await github.push('example-org/vvp', {
        message: 'SIP: fix',
        files: {
          'services/sip-redirect/changed.txt': '1\n',
          'services/sip-verify/changed.txt': '1\n',
        },
        outcomes: { 'deploy-sip-redirect': { conclusion: 'failure' } },
      });
      await github.flush();

      expect((await deploymentsOf('sip-redirect'))[0].status).toBe('failed');
      expect(await deploymentsOf('sip-verify')).toEqual([]);
    });

    it('brings in by polling what lost webhooks left out', async () => {
      const before = (await deploymentsOf('issuer')).length;
      await github.setFaults({
        drop: Array.from({ length: 200 }, (_, index) => index + 1),
      });
      const { sha } = await github.push('example-org/vvp', {
        message: 'Issuer: fix',
        files: { 'services/issuer/changed.py': 'print(1)\n' },
      });
      await github.flush();
      await github.setFaults({});
      expect(await deploymentsOf('issuer')).toHaveLength(before);

      await backend.run('poll');
      const [newest] = await deploymentsOf('issuer');
      expect(newest).toMatchObject({
        status: 'succeeded',
        release: { commit: sha },
      });

      expect(await backend.knex('poll_marks').select('repository')).toEqual([
        { repository: 'example-org/vvp' },
      ]);
      const events = await backend.knex('events');
      backend.logger.warn.mockClear();
      await backend.run('poll');
      expect(await backend.knex('events')).toHaveLength(events.length);
      expect(backend.logger.warn.mock.calls).toEqual([]);
    });

    it('polls a run that waits at its environment', async () => {
      await github.createRepository({
        owner: 'example-org',
        name: 'release',
        folder: join(REPOSITORIES, 'release'),
      });
      await github.setEnvironment('example-org/release', 'production', {
        customRule: true,
      });
      backend.entities.push(
        component('release', {
          repository: 'example-org/release',
          location: `${github.url}/example-org/release/blob/main/catalog-info.yaml`,
          annotations: { 'deploy.vvp.io/jobs': 'production=*production*' },
        }),
      );
      await backend.run('catalog-sync');
      await github.setFaults({
        drop: Array.from({ length: 200 }, (_, index) => index + 1),
      });
      await github.push('example-org/release', {
        message: 'Release',
        files: { 'README.md': 'deploy\n' },
      });
      await github.flush();
      await github.setFaults({});
      backend.logger.warn.mockClear();

      await backend.run('poll');

      const { body } = await backend.get(
        '/services/component/default/release/deployments',
      );
      expect(body.items[0]?.status).toBe('waiting');
      expect(
        backend.logger.warn.mock.calls.filter(
          ([message]) => message === 'Repository could not be polled',
        ),
      ).toEqual([]);
    });

    it('follows a deploy.yaml that is pushed', async () => {
      const before = await backend.knex('specs').first();
      await github.push('example-org/vvp', {
        message: 'Spec: broken',
        files: { 'deploy.yaml': 'kind: Nonsense\n' },
      });
      await github.flush();

      const { body } = await backend.get(
        '/services/component/default/vvp-verifier',
      );
      expect(body.specProblem).toMatchObject({
        message: expect.stringContaining('deploy.yaml:1'),
        lastGoodCommit: before.commit_sha,
      });
      expect(body.environments[0].currentDeployment).toBeDefined();
    });
  },
);
