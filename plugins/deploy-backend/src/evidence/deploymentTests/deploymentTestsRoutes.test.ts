import { MiddlewareFactory } from '@backstage/backend-defaults/rootHttpRouter';
import {
  mockServices,
  TestDatabaseId,
  TestDatabases,
} from '@backstage/backend-test-utils';
import express from 'express';
import { Knex } from 'knex';
import request from 'supertest';
import { gzipSync } from 'node:zlib';
import { migratedDatabase } from '../../__testUtils__/migratedDatabase';
import { oneDatabase } from '../../__testUtils__/oneDatabase';
import { recordingAuditor } from '../auth/__testUtils__/recordingAuditor';
import { EvidenceStore } from '../store/EvidenceStore';
import { ApiKeys } from './ApiKeys';
import { deploymentTestsRoutes } from './deploymentTestsRoutes';
import { DeploymentTestsStore } from './DeploymentTestsStore';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const KEY = 'key-of-the-pipeline';
const SHA = 'abc1234'.padEnd(40, '0');

const green = {
  git_sha: SHA,
  passed: true,
  total_tests: 12,
  passed_tests: 12,
  failed_tests: 0,
  duration_seconds: 42,
  issuer_url: 'https://vvp-issuer.example.test',
  verifier_url: 'https://vvp-verifier.example.test',
  errors: [],
};

const red = {
  ...green,
  passed: false,
  passed_tests: 11,
  failed_tests: 1,
  errors: ['FAILED tests/integration/test_flow.py::test_issue - assert 0'],
};

describe.each(databases.eachSupportedId())(
  '/admin/deployment-tests on %s',
  databaseId => {
    let subject: Awaited<ReturnType<typeof start>>;

    beforeEach(async () => {
      subject = await start(databaseId);
    });

    const post = (body: string | object, key: string | undefined = KEY) =>
      send(subject.app, body, key);

    it('makes a result evidence of each service that was tested', async () => {
      const { status, body } = await post(green);

      expect(status).toBe(201);
      expect(body).toMatchObject({
        ...green,
        id: expect.any(String),
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        unmatched: [],
      });
      expect(await subject.rows()).toEqual(
        ['component:default/issuer', 'component:default/verifier'].map(
          (entityRef, index) =>
            expect.objectContaining({
              id: body.evidence[index].id,
              entity_ref: entityRef,
              environment: 'production',
              commit_sha: SHA,
              type: 'test',
              format: 'deployment-tests',
              suite: 'post-deployment',
              mode: 'azure',
              measured_at: body.timestamp,
              provenance: JSON.stringify({ kind: 'api-key', name: 'vvp' }),
            }),
        ),
      );
      expect(subject.told).toEqual(
        body.evidence.map((one: { id: string }) =>
          expect.objectContaining({
            evidenceId: one.id,
            repository: 'example-org/vvp',
            commit: SHA,
          }),
        ),
      );
    });

    it('audits who posted, without the key', async () => {
      await post(green);

      expect(subject.auditor.events).toEqual([
        expect.objectContaining({
          eventId: 'deployment-tests',
          status: 'succeeded',
          withRequest: false,
          meta: expect.objectContaining({ subject: 'vvp', commit: SHA }),
        }),
      ]);
      expect(JSON.stringify(subject.auditor.events)).not.toContain(KEY);
    });

    it('takes a post that is tried again for the same', async () => {
      const first = await post(green);
      const again = await post(green);

      expect([first.status, again.status]).toEqual([201, 200]);
      expect(again.body.id).toBe(first.body.id);
      expect(await subject.rows()).toHaveLength(2);
      expect(subject.told).toHaveLength(2);
    });

    it('takes two at once for one', async () => {
      await Promise.all([post(green), post(green), post(green)]);

      expect(await subject.rows()).toHaveLength(2);
      expect(await subject.knex('deployment_tests')).toHaveLength(1);
    });

    it('counts a result anew that comes again after another one', async () => {
      await post(red);
      await post(green);
      const { status } = await post(red);

      const newest = await subject
        .knex('evidence')
        .orderBy('measured_at', 'desc')
        .first();
      expect(status).toBe(201);
      expect(JSON.parse(newest.summary)).toMatchObject({ failed: 1 });
    });

    it('goes on after a post that broke off half way', async () => {
      subject.failAt(2);
      const broken = await post(green);
      const again = await post(green);

      expect([broken.status, again.status]).toEqual([500, 201]);
      expect(await subject.rows()).toHaveLength(2);
      expect(subject.auditor.events[0].status).toBe('failed');
    });

    it('takes one service if the other’s host is nobody’s, and says so', async () => {
      const { status, body } = await post({
        ...green,
        verifier_url: 'https://elsewhere.example.test',
      });

      expect(status).toBe(201);
      expect(body.unmatched).toEqual(['verifier_url']);
      expect(body.evidence).toEqual([
        expect.objectContaining({ entityRef: 'component:default/issuer' }),
      ]);
    });

    it('takes what curl calls a form, and compressed', async () => {
      const asForm = await request(subject.app)
        .post('/admin/deployment-tests')
        .set('X-API-Key', KEY)
        .set('Content-Type', 'application/x-www-form-urlencoded')
        .send(JSON.stringify(green));
      const compressed = await new Promise<number>((resolve, reject) => {
        const call = request(subject.app)
          .post('/admin/deployment-tests')
          .set('X-API-Key', KEY)
          .set('Content-Type', 'application/json')
          .set('Content-Encoding', 'gzip');
        call.write(gzipSync(JSON.stringify(green)) as never);
        call.end((error, response) =>
          error ? reject(error) : resolve(response.status),
        );
      });

      expect([asForm.status, compressed]).toEqual([201, 200]);
    });

    it('takes a short commit that only one release can mean', async () => {
      await subject.release('issuer', SHA);

      const one = await post({ ...green, git_sha: 'ABC1234' });
      await subject.release('verifier', 'abc12345'.padEnd(40, '0'));
      const two = await post({ ...green, git_sha: 'abc1234' });

      expect(one.body.git_sha).toBe(SHA);
      expect(two.status).toBe(400);
      expect(two.body.error.message).toContain('more than one');
    });

    it('lists the last results as they came, newest first', async () => {
      await post(green);
      await post(red);

      const all = await get(subject.app);
      const one = await get(subject.app, '?limit=1');

      expect(all.body.results).toEqual([
        expect.objectContaining(red),
        expect.objectContaining(green),
      ]);
      expect(one.body.results).toHaveLength(1);
    });
  },
);

// What is refused leaves nothing behind, so that all of them have one.
describe.each(oneDatabase(databases))(
  'what /admin/deployment-tests refuses, on %s',
  databaseId => {
    let subject: Awaited<ReturnType<typeof start>>;

    beforeAll(async () => {
      subject = await start(databaseId);
    });

    beforeEach(() => {
      subject.auditor.events.length = 0;
    });

    it.each([
      ['no key', undefined, 'missing'],
      ['a wrong key', `${KEY}x`, 'not known'],
    ])(
      'refuses %s before it reads anything, and audits it',
      async (_case, key, text) => {
        const { status, body } = await send(subject.app, 'no json', key);

        expect(status).toBe(401);
        expect(body.error.message).toContain(text);
        expect(body.error.message).not.toContain(KEY);
        expect(subject.auditor.events).toEqual([
          expect.objectContaining({ status: 'failed' }),
        ]);
      },
    );

    it.each([
      ['no JSON', '{"total_tests": }', 'no JSON'],
      ['nothing', '', 'no JSON'],
      ['a list', [], 'The body'],
      ['null', 'null', 'The body'],
      ['a field that is missing', { ...green, git_sha: undefined }, 'git_sha'],
      ['a branch for a commit', { ...green, git_sha: 'main' }, 'git_sha'],
      [
        'a short commit that is no release',
        { ...green, git_sha: 'fffffff' },
        'git_sha',
      ],
      ['a word for a number', { ...green, failed_tests: '0' }, 'failed_tests'],
      ['a negative number', { ...green, failed_tests: -1 }, 'failed_tests'],
      ['half a test', { ...green, passed_tests: 1.5 }, 'passed_tests'],
      [
        'a number that is none',
        JSON.stringify(green).replace('42', '1e999'),
        'duration_seconds',
      ],
      ['more than all', { ...green, passed_tests: 13 }, 'total_tests'],
      ['passed with failures', { ...red, passed: true }, 'passed'],
      [
        'passed without a test',
        { ...green, total_tests: 0, passed_tests: 0 },
        'passed',
      ],
      [
        'a path for an address',
        { ...green, issuer_url: '/issuer' },
        'issuer_url',
      ],
      [
        'an address with a password',
        { ...green, verifier_url: 'https://a:b@vvp-verifier.example.test' },
        'verifier_url',
      ],
      [
        'strange hosts',
        {
          ...green,
          issuer_url: 'https://a.example.test',
          verifier_url: 'https://a.example.test',
        },
        'issuer_url',
      ],
      ['errors that are no text', { ...green, errors: [7] }, 'errors.0'],
    ])(
      'refuses %s, names the field, and changes nothing',
      async (_case, body, field) => {
        const answer = await send(subject.app, body, KEY);

        expect(answer.status).toBe(400);
        expect(answer.body.error.message).toContain(field);
        expect(await subject.rows()).toEqual([]);
        expect(await subject.knex('deployment_tests')).toEqual([]);
        expect(subject.auditor.events[0]).toMatchObject({ status: 'failed' });
      },
    );

    it('refuses more than a megabyte', async () => {
      const { status } = await send(
        subject.app,
        { ...green, errors: Array(100).fill('x'.repeat(15_000)) },
        KEY,
      );

      expect(status).toBe(413);
    });

    it.each(['0', '101', 'x', '1.5'])(
      'does not list %s of them',
      async limit => {
        const { status, body } = await get(subject.app, `?limit=${limit}`);

        expect(status).toBe(400);
        expect(body.error.message).toContain('limit');
      },
    );

    it('lists nothing without a key', async () => {
      const { status } = await request(subject.app).get(
        '/admin/deployment-tests',
      );

      expect(status).toBe(401);
    });
  },
);

/** The routes on a database with two services, each at a host of its own. */
async function start(databaseId: TestDatabaseId) {
  const knex = await migratedDatabase(databases, databaseId);
  for (const name of ['issuer', 'verifier']) {
    await addService(knex, name);
  }
  const auditor = recordingAuditor();
  const evidence = new EvidenceStore(knex);
  const told: unknown[] = [];
  let failing = 0;
  const app = express();
  app.use(
    deploymentTestsRoutes({
      auditor,
      keys: ApiKeys.fromConfig(
        mockServices.rootConfig({
          data: {
            deploy: { deploymentTests: { keys: [{ name: 'vvp', key: KEY }] } },
          },
        }),
      ),
      store: new DeploymentTestsStore(knex),
      evidence: {
        record: async one => {
          failing -= 1;
          if (failing === 0) {
            throw new Error('the database is gone');
          }
          return evidence.record(one);
        },
      },
      onEvidence: one => {
        told.push(one);
      },
    }),
  );
  app.use(
    MiddlewareFactory.create({
      config: mockServices.rootConfig(),
      logger: mockServices.logger.mock(),
    }).error(),
  );
  return {
    app,
    auditor,
    knex,
    told,
    rows: () =>
      knex('evidence')
        .join('services', 'services.id', 'evidence.service_id')
        .orderBy('entity_ref')
        .select('evidence.*', 'services.entity_ref'),
    /** The so manieth recording from now fails. */
    failAt: (count: number) => {
      failing = count;
    },
    release: (service: string, commit: string) =>
      knex('releases').insert({
        id: `${service}-${commit.slice(0, 8)}`,
        service_id: service,
        commit_sha: commit,
        created_at: '2026-01-05T12:00:00.000Z',
      }),
  };
}

async function addService(knex: Knex, name: string): Promise<void> {
  await knex('services').insert({
    id: name,
    entity_ref: `component:default/${name}`,
    repository: 'example-org/vvp',
    service_key: name,
    name,
    annotations: '{}',
  });
  await knex('environments').insert({
    id: `${name}-production`,
    service_id: name,
    name: 'production',
    tier: 'production',
    url: `https://vvp-${name}.example.test`,
    position: 0,
    declared: true,
  });
}

function send(app: express.Express, body: string | object, key?: string) {
  const call = request(app)
    .post('/admin/deployment-tests')
    .set('Content-Type', 'application/json');
  if (key !== undefined) {
    call.set('X-API-Key', key);
  }
  return call.send(typeof body === 'string' ? body : JSON.stringify(body));
}

function get(app: express.Express, query = '') {
  return request(app)
    .get(`/admin/deployment-tests${query}`)
    .set('X-API-Key', KEY);
}
