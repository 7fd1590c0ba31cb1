import { TestDatabases } from '@backstage/backend-test-utils';
import request from 'supertest';
import { assertMatchesDocument } from '../../__testUtils__/assertMatchesDocument';
import {
  startDeployBackend,
  TestBackend,
} from '../../__testUtils__/startDeployBackend';
import { COMMIT, ENTITY_REF, files, verifier } from '../__testUtils__/verifier';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const PATH = '/admin/deployment-tests';

const payload = {
  git_sha: COMMIT,
  passed: true,
  total_tests: 12,
  passed_tests: 12,
  failed_tests: 0,
  duration_seconds: 42,
  issuer_url: 'https://issuer.example.test',
  verifier_url: 'https://verifier.example.test/healthz',
  errors: [],
};

describe.each(databases.eachSupportedId())(
  "VVP's result endpoint in the plugin on %s",
  databaseId => {
    let backend: TestBackend;

    beforeAll(async () => {
      const [[file, spec]] = Object.entries(files);
      backend = await startDeployBackend({
        databases,
        databaseId,
        entities: [verifier],
        files: {
          [file]: spec.replace(
            'production: {}',
            'production: { url: https://verifier.example.test }',
          ),
        },
        config: {
          deploy: {
            deploymentTests: { keys: [{ name: 'vvp', key: 'a-test-key' }] },
          },
        },
      });
      await backend.run('spec-refresh');
    });

    afterAll(() => backend.stop());

    function post(key: string) {
      return request(`${backend.url}/api/deploy`)
        .post(PATH)
        .set('X-API-Key', key)
        .send(payload);
    }

    it('makes evidence of what the pipeline posts, without a token', async () => {
      const { status, body } = await post('a-test-key');
      const listed = await request(`${backend.url}/api/deploy`)
        .get(PATH)
        .set('X-API-Key', 'a-test-key');

      expect(status).toBe(201);
      assertMatchesDocument(PATH, status, body, 'post');
      expect(body.unmatched).toEqual(['issuer_url']);
      assertMatchesDocument(PATH, listed.status, listed.body);
      expect(
        (await backend.get(`/evidence/${body.evidence[0].id}`)).body,
      ).toMatchObject({
        entityRef: ENTITY_REF,
        environment: 'production',
        suite: 'post-deployment',
        mode: 'azure',
        summary: { passed: 12, failed: 0 },
        provenance: { kind: 'api-key', name: 'vvp' },
      });
    });

    it('refuses another key', async () => {
      expect((await post('another-key')).status).toBe(401);
    });
  },
);
