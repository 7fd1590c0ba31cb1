import { join, resolve } from 'node:path';
import {
  coreServices,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { component } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/entities';
import {
  startDeployBackend,
  TestBackend,
  WEBHOOK_SECRET,
} from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/startDeployBackend';
import { recordingAuditor } from '@vvp/backstage-plugin-deploy-backend/src/evidence/auth/__testUtils__/recordingAuditor';
import {
  group,
  user,
} from '@vvp/backstage-plugin-deploy-backend/src/promotions/__testUtils__/people';
import {
  GithubSimulator,
  startGithubSimulator,
} from '../simulators/github/client';
import { expectNoViolations } from '../simulators/github/testing';
import { findFreePort, githubIntegration } from './loopbackGithub';

jest.setTimeout(240_000);

// The parts are tested on SQLite as well; the whole, on what production has.
const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const ONE = 'example-org/one';
const PAIR = 'example-org/pair';
const PORTAL = 'secret-of-the-portal';
const TOKENS: Record<string, string> = {
  omar: 'secret-of-omar',
  ida: 'secret-of-ida',
  noa: 'secret-of-noa',
  dana: 'secret-of-dana',
};
const NOBODYS = 'secret-of-nobody';
const REVIEW = 'actions/review-pending-deployments-for-run';

const workflowOf = (services: readonly string[]) => `name: Build and Deploy
on:
  push:
    branches: [main]
jobs:
${services
  .map(
    key => `  deploy-${key}:
    runs-on: ubuntu-latest
    environment: production
    steps:
      - run: "true"
`,
  )
  .join('')}`;

const specOf = (
  repository: string,
  services: readonly string[],
  required: number,
) => `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: ${repository} }
spec:
  environments:
    - name: production
      tier: production
      promotion:
        seam: review
        approvals:
          - { from: [group:default/platform-team], required: ${required} }
  services:
${services
  .map(
    key => `    ${key}:
      entity: component:default/${repository}-${key}
      environments:
        production:
          jobs: [{ workflow: deploy.yml, job: deploy-${key} }]
`,
  )
  .join('')}`;

const as = (name: string) =>
  mockCredentials.user.header(`user:default/${name}`);

describe.each(databases.eachSupportedId())(
  'a run that waits for reviewers at GitHub, on %s',
  databaseId => {
    const auditor = recordingAuditor();
    /** All that anybody was answered. */
    const answers: unknown[] = [];
    let github: GithubSimulator;
    let backend: TestBackend;
    let count = 0;

    beforeAll(async () => {
      const port = await findFreePort();
      backend = await startDeployBackend({
        databases,
        databaseId,
        people: [
          user('dana', { groups: ['vvp-team'] }),
          ...['omar', 'ida', 'noa'].map(name =>
            user(name, { groups: ['platform-team'] }),
          ),
          group('vvp-team', ['dana']),
          group('platform-team', ['omar', 'ida', 'noa']),
        ],
        config: {
          integrations: githubIntegration(`127.0.0.1:${port}`, PORTAL),
        },
        features: [
          createServiceFactory({
            service: coreServices.auditor,
            deps: {},
            factory: () => auditor,
          }),
        ],
      });
      github = await startGithubSimulator({
        port,
        start: new Date(Date.now() - 3 * 3_600_000).toISOString(),
        tokens: {
          [PORTAL]: 'deploy-portal[bot]',
          ...Object.fromEntries(
            Object.entries(TOKENS).map(([login, token]) => [token, login]),
          ),
        },
        webhookUrls: [`${backend.url}/api/events/http/github`],
        webhookSecret: WEBHOOK_SECRET,
      });
      await addRepository('one', ['verifier'], 2);
      await addRepository('pair', ['left', 'right'], 1);
      await backend.run('catalog-sync');
      await backend.run('spec-refresh');
      await backend.run('poll');
    });

    afterAll(async () => {
      await expectNoViolations(github, `reviews-${databaseId}`);
      await github.stop();
      await backend.stop();
    });

    async function addRepository(
      name: string,
      services: readonly string[],
      required: number,
    ) {
      const repository = `example-org/${name}`;
      await github.createRepository({
        owner: 'example-org',
        name,
        folder: join(resolve(__dirname, '..', '..'), 'examples', 'vvp'),
      });
      await github.setEnvironment(repository, 'production', {
        reviewers: ['omar', 'ida', 'dana'],
        preventSelfReview: true,
      });
      await github.push(repository, {
        message: 'A pipeline that waits',
        files: {
          '.github/workflows/deploy.yml': workflowOf(services),
          'deploy.yaml': specOf(name, services, required),
        },
      });
      for (const key of services) {
        backend.entities.push(
          component(`${name}-${key}`, {
            key,
            repository,
            location: `${github.url}/${repository}/blob/main/catalog-info.yaml`,
          }),
        );
      }
    }

    /** Everything works, until something is so. */
    async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
      const end = Date.now() + 180_000;
      for (;;) {
        await github.flush();
        const found = await ask();
        if (found !== undefined) {
          return found;
        }
        if (Date.now() > end) {
          throw new Error('It did not come to be so');
        }
        await backend.knex('promotions').update({ due_at: '2026-01-01' });
        await backend.knex('protection_callbacks').update({
          due_at: '2026-01-01',
        });
        await backend.run('promotions');
      }
    }

    async function get(id: string, who = 'omar') {
      const { body } = await backend.get(`/promotions/${id}`, as(who));
      return body;
    }

    const untilStatus = (id: string, status: string) =>
      until(async () => {
        const promotion = await get(id);
        return promotion.status === status ? promotion : undefined;
      });

    /** Pushes a change, and gives the promotions that its run waits for, by service. */
    async function push(repository = ONE, services = 1) {
      count += 1;
      const { runs } = await github.push(repository, {
        message: `Change ${count}`,
        files: { 'app/main.py': `print(${count})\n` },
      });
      const run = runs[0];
      const items = await until(async () => {
        const { body } = await backend.get(
          `/promotions?runId=${run}`,
          as('omar'),
        );
        return body.items.filter(
          (one: { status: string }) => one.status === 'awaiting_approval',
        ).length === services
          ? body.items
          : undefined;
      });
      return { run, id: items[0].id as string, items };
    }

    async function decide(
      what: 'approve' | 'reject',
      id: string,
      who: string,
      token?: string,
    ) {
      const { seen } = await get(id, who);
      const answer = await backend.post(
        `/promotions/${id}/${what}`,
        what === 'approve' ? { seen } : { comment: 'The call back breaks' },
        as(who),
        token ? { 'X-GitHub-Token': token } : {},
      );
      answers.push(answer.body, answer.headers);
      return answer;
    }

    const approve = (id: string, who: string, token?: string) =>
      decide('approve', id, who, token);

    async function jobsOf(run: number, repository = ONE) {
      const { attempts } = await github.run(repository, run);
      return attempts[attempts.length - 1].jobs.map(
        ({ conclusion, status }) => conclusion ?? status,
      );
    }

    async function reviewsOf(run: number, repository = ONE) {
      const answer = await github.rest(
        'GET',
        `/repos/${repository}/actions/runs/${run}/approvals`,
        { token: PORTAL },
      );
      return answer
        .json<{ state: string; user: { login: string } }[]>()
        .map(({ state, user: { login } }) => `${state} by ${login}`);
    }

    /** What has to be as it was. */
    async function told(id: string) {
      const { status, approvals, events } = await get(id);
      return { status, approvals, events };
    }

    it('goes on by the last approval, in the name of who gave it', async () => {
      const { run, id } = await push();
      const before = await get(id, 'omar');

      const first = await approve(id, 'omar');
      const asked = await get(id, 'ida');
      const last = await approve(id, 'ida', TOKENS.ida);

      expect(before).toMatchObject({
        seam: 'review',
        readiness: { seam: 'review' },
      });
      expect(before.needsGithubToken).toBeUndefined();
      expect(first.status).toBe(200);
      expect(asked).toMatchObject({
        status: 'awaiting_approval',
        needsGithubToken: true,
      });
      expect(last.status).toBe(200);
      const { events } = await untilStatus(id, 'succeeded');
      expect(await jobsOf(run)).toEqual(['success']);
      expect(await reviewsOf(run)).toEqual(['approved by ida']);
      expect(events.map(({ type }: { type: string }) => type)).toEqual([
        'requested',
        'fit',
        'approved',
        'approved',
        'let-through',
        'deployed',
        'verified',
      ]);
      expect(events[4].by).toBe('user:default/ida');
    });

    it.each([
      ['no token', 'ida', undefined, 400, /^X-GitHub-Token: is missing/],
      ['a reviewer', 'noa', TOKENS.noa, 403, /does not let you review/],
      ['a valid token', 'ida', NOBODYS, 403, /does not take your token/],
      ['a text that is one', 'ida', 'two words', 400, /no token of GitHub/],
      ['somebody else', 'ida', TOKENS.dana, 409, /you started the run/],
    ])(
      'changes nothing where GitHub has not what it asks for: %s',
      async (_, who, token, status, message) => {
        const { run, id } = await push();
        await approve(id, 'omar');
        const before = await told(id);

        const answer = await approve(id, who, token);

        expect(answer.status).toBe(status);
        expect(answer.body.error.message).toMatch(message);
        expect(await told(id)).toEqual(before);
        expect(await jobsOf(run)).toEqual(['waiting']);
      },
    );

    it('changes nothing where the token lacks a scope, and goes on with one that has it', async () => {
      const { run, id } = await push();
      await approve(id, 'omar');
      const before = await told(id);
      await github.failRest(REVIEW, {
        status: 403,
        message: 'Resource not accessible',
      });

      const refused = await approve(id, 'ida', TOKENS.ida);

      expect(refused.status).toBe(403);
      expect(refused.body.error.message).toMatch(/needs the scope "repo"/);
      expect(await told(id)).toEqual(before);
      expect((await approve(id, 'ida', TOKENS.ida)).status).toBe(200);
      await untilStatus(id, 'succeeded');
      expect(await jobsOf(run)).toEqual(['success']);
    });

    it('is decided once, whoever comes at the same moment', async () => {
      const { run, id } = await push();
      await approve(id, 'noa');

      const both = await Promise.all([
        approve(id, 'omar', TOKENS.omar),
        approve(id, 'ida', TOKENS.ida),
      ]);

      const { events } = await untilStatus(id, 'succeeded');
      expect(both.some(({ status }) => status === 200)).toBe(true);
      expect(await reviewsOf(run)).toHaveLength(1);
      expect(
        events.filter(({ type }: { type: string }) => type === 'let-through'),
      ).toHaveLength(1);
    });

    it('hears of a review that was given at GitHub meanwhile', async () => {
      const { run, id } = await push();
      const pending = await github.rest(
        'GET',
        `/repos/${ONE}/actions/runs/${run}/pending_deployments`,
        { token: TOKENS.omar },
      );
      const [{ environment }] =
        pending.json<{ environment: { id: number } }[]>();

      await github.rest(
        'POST',
        `/repos/${ONE}/actions/runs/${run}/pending_deployments`,
        {
          token: TOKENS.omar,
          body: {
            environment_ids: [environment.id],
            state: 'rejected',
            comment: 'Not today',
          },
        },
      );

      const { events } = await untilStatus(id, 'rejected');
      expect(events.at(-1)).toMatchObject({
        type: 'rejected',
        by: 'user:default/omar',
      });
    });

    it('is turned away at GitHub with the token of who rejects it', async () => {
      const { run, id } = await push();

      const answer = await decide('reject', id, 'ida', TOKENS.ida);

      expect(answer.body.status).toBe('rejected');
      await until(async () =>
        (await jobsOf(run)).includes('failure') ? true : undefined,
      );
      expect(await reviewsOf(run)).toEqual(['rejected by ida']);
      expect((await get(id)).runStillWaits).toBeUndefined();
    });

    it.each([
      ['without a token', 'ida', undefined],
      ['by somebody who is no reviewer', 'noa', TOKENS.noa],
    ])(
      'stays rejected here, and says that the run still waits: %s',
      async (_, who, token) => {
        const { run, id } = await push();

        const answer = await decide('reject', id, who, token);

        expect(answer.status).toBe(200);
        expect(answer.body).toMatchObject({
          status: 'rejected',
          runStillWaits: true,
        });
        expect(await jobsOf(run)).toEqual(['waiting']);
        const { events } = await get(id);
        expect(
          /GitHub did not take the rejection/.test(events.at(-1).text),
        ).toBe(token !== undefined);
      },
    );

    it('waits for somebody to let it in where all was met later', async () => {
      const { run, id } = await push();
      const lock =
        '/services/component/default/one-verifier/environments/production/lock';
      await backend.post(lock, { reason: 'The database moves' }, as('noa'));
      await approve(id, 'omar');
      await approve(id, 'ida');
      await untilStatus(id, 'approved');
      expect((await get(id)).needsGithubToken).toBeUndefined();

      await backend.delete(lock, as('noa'));
      await backend.run('promotions');
      const clear = await get(id);
      const { body: asked } = await backend.get(
        '/promotions?waitingFor=me',
        as('omar'),
      );
      const answer = await approve(id, 'omar', TOKENS.omar);

      expect(clear).toMatchObject({
        status: 'approved',
        readiness: { state: 'ready' },
        mayApprove: { allowed: true },
        needsGithubToken: true,
      });
      expect(asked.items.map((one: { id: string }) => one.id)).toContain(id);
      expect(answer.status).toBe(200);
      await untilStatus(id, 'succeeded');
      expect(await reviewsOf(run)).toEqual(['approved by omar']);
    });

    it('goes on if GitHub took the review and its answer was lost', async () => {
      const { run, id } = await push();
      await approve(id, 'omar');
      await github.failRest(REVIEW, { status: 502, carriedOut: true });

      const answer = await approve(id, 'ida', TOKENS.ida);

      expect(answer.status).toBe(503);
      const { events } = await untilStatus(id, 'succeeded');
      expect(await jobsOf(run)).toEqual(['success']);
      expect(events.map(({ type }: { type: string }) => type)).not.toContain(
        'bypassed',
      );
      expect(events).toContainEqual(
        expect.objectContaining({
          type: 'let-through',
          by: 'user:default/ida',
        }),
      );
    });

    it('can be let in again if GitHub never got the review', async () => {
      const { run, id } = await push();
      await approve(id, 'omar');
      await github.failRest(REVIEW, { status: 502 });
      await approve(id, 'ida', TOKENS.ida);
      expect((await get(id)).status).toBe('executing');
      const cancelled = await backend.post(
        `/promotions/${id}/cancel`,
        {},
        as('noa'),
      );
      expect(cancelled.status).toBe(409);

      // The time in which whoever gave it is still at it is over.
      const row = await backend.knex('promotions').where({ id }).first('state');
      const state = JSON.parse(row.state);
      state.reviewing.until = '2026-01-01T00:00:00.000Z';
      await backend
        .knex('promotions')
        .where({ id })
        .update({ state: JSON.stringify(state) });
      const again = await untilStatus(id, 'approved');

      expect(again.events.at(-1).text).toMatch(/did not get the review/);
      expect(again.approvals).toHaveLength(2);
      expect((await approve(id, 'ida', TOKENS.ida)).status).toBe(200);
      await untilStatus(id, 'succeeded');
      expect(await reviewsOf(run)).toEqual(['approved by ida']);
    });

    it('lets in all services that wait there, and only if all may', async () => {
      const { run, items } = await push(PAIR, 2);
      const [left, right] = items.map((one: { id: string }) => one.id);

      const first = await approve(left, 'omar', TOKENS.omar);
      const waiting = await jobsOf(run, PAIR);
      const asked = await get(right, 'ida');
      const last = await approve(right, 'ida', TOKENS.ida);

      expect(first.body).toMatchObject({ status: 'approved' });
      expect(waiting).toEqual(['waiting', 'waiting']);
      expect(asked.needsGithubToken).toBe(true);
      expect(last.status).toBe(200);
      await untilStatus(left, 'succeeded');
      await untilStatus(right, 'succeeded');
      expect(await jobsOf(run, PAIR)).toEqual(['success', 'success']);
      expect(await reviewsOf(run, PAIR)).toEqual([
        'approved by ida',
        'approved by ida',
      ]);
    });

    it('is found by the poll if its webhooks are lost', async () => {
      await github.setFaults({
        drop: Array.from({ length: 300 }, (_, index) => index + 1),
      });
      const { runs } = await github.push(ONE, {
        message: 'Unheard',
        files: { 'app/main.py': 'print("unheard")\n' },
      });
      const items = await until(async () => {
        await backend.run('poll');
        const { body } = await backend.get(
          `/promotions?runId=${runs[0]}`,
          as('omar'),
        );
        return body.items.length > 0 ? body.items : undefined;
      });
      await github.setFaults({});

      expect(items).toEqual([expect.objectContaining({ seam: 'review' })]);
    });

    it('says what is missing where nobody reviews', async () => {
      await github.setEnvironment(PAIR, 'production', {});
      await github.push(PAIR, {
        message: 'Goes in as it is',
        files: { 'app/main.py': 'print("in")\n' },
      });

      const overview = async () => {
        const { body } = await backend.get(
          '/services/component/default/pair-left',
        );
        return body.environments[0];
      };
      const { currentDeployment } = await until(async () => {
        const now = await overview();
        return now.enforced ? undefined : now;
      });
      const { body } = await backend.get(
        `/services/component/default/pair-left/environments/production/readiness?release=${currentDeployment.release.id}`,
      );

      expect(body.seam).toBe('none');
      expect(body.seamRemedy).toMatch(/add required reviewers/);
    });

    it('leaves no token anywhere', async () => {
      const client = backend.knex.client.config.client;
      const tables = await backend
        .knex(/sqlite/.test(client) ? 'sqlite_master' : 'pg_tables')
        .where(
          /sqlite/.test(client) ? { type: 'table' } : { schemaname: 'public' },
        )
        .pluck(/sqlite/.test(client) ? 'name' : 'tablename');
      const places: Record<string, unknown> = {
        answers,
        audit: auditor.events,
      };
      for (const table of tables) {
        places[table] = await backend.knex(table);
      }
      for (const level of ['debug', 'info', 'warn', 'error'] as const) {
        places[level] = backend.logger[level].mock.calls.map(call =>
          call.map(part =>
            (part as unknown) instanceof Error
              ? `${(part as unknown as Error).stack}`
              : part,
          ),
        );
      }

      expect(Object.keys(places).length).toBeGreaterThan(20);
      expect(auditor.events.length).toBeGreaterThan(20);
      for (const [place, content] of Object.entries(places)) {
        const holds = JSON.stringify(content).includes('secret-of-');
        expect({ place, holds }).toEqual({ place, holds: false });
      }
    });
  },
);
