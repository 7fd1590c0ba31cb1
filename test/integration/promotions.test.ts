import { join, resolve } from 'node:path';
import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { component } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/entities';
import {
  startDeployBackend,
  TestBackend,
  WEBHOOK_SECRET,
} from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/startDeployBackend';
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

const REPOSITORY = 'example-org/vvp';
const TOKEN = 'token-of-the-portal';
const REPLICAS = 3;

const workflow = `name: Build and Deploy
on:
  push:
    branches: [main]
  workflow_dispatch:
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: "true"
  deploy-verifier:
    needs: test
    runs-on: ubuntu-latest
    environment: production
    steps:
      - run: "true"
`;

const spec = `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: vvp }
spec:
  environments:
    - name: production
      tier: production
      promotion:
        approvals:
          - { from: [group:default/platform-team], required: 2 }
  services:
    verifier:
      entity: component:default/vvp-verifier
      environments:
        production:
          jobs: [{ workflow: deploy.yml, job: deploy-verifier }]
`;

const as = (name: string) =>
  mockCredentials.user.header(`user:default/${name}`);

describe.each(databases.eachSupportedId())(
  'a run that waits for production, and three replicas on %s',
  databaseId => {
    let github: GithubSimulator;
    let replicas: TestBackend[];
    let count = 0;

    beforeAll(async () => {
      const port = await findFreePort();
      replicas = [];
      for (let index = 0; index < REPLICAS; index++) {
        replicas.push(
          await startDeployBackend({
            databases,
            databaseId,
            ...(replicas[0] && { knex: replicas[0].knex }),
            people: [
              user('dana', { groups: ['vvp-team'] }),
              ...['omar', 'ida', 'noa'].map(name =>
                user(name, { groups: ['platform-team'] }),
              ),
              group('vvp-team', ['dana']),
              group('platform-team', ['omar', 'ida', 'noa']),
            ],
            config: {
              integrations: githubIntegration(`127.0.0.1:${port}`, TOKEN),
            },
          }),
        );
      }
      github = await startGithubSimulator({
        port,
        start: new Date(Date.now() - 3 * 3_600_000).toISOString(),
        tokens: { [TOKEN]: 'deploy-portal[bot]' },
        webhookUrls: replicas.map(({ url }) => `${url}/api/events/http/github`),
        webhookSecret: WEBHOOK_SECRET,
      });
      await github.createRepository({
        owner: 'example-org',
        name: 'vvp',
        folder: join(resolve(__dirname, '..', '..'), 'examples', 'vvp'),
      });
      await github.setEnvironment(REPOSITORY, 'production', {
        customRule: true,
      });
      await github.push(REPOSITORY, {
        message: 'A pipeline that asks',
        files: {
          '.github/workflows/deploy.yml': workflow,
          'deploy.yaml': spec,
        },
      });
      for (const replica of replicas) {
        replica.entities.push(
          component('vvp-verifier', {
            key: 'verifier',
            location: `${github.url}/${REPOSITORY}/blob/main/catalog-info.yaml`,
          }),
        );
      }
      await replicas[0].run('catalog-sync');
      await replicas[0].run('spec-refresh');
      await replicas[0].run('poll');
    });

    afterAll(async () => {
      await expectNoViolations(github, `promotions-${databaseId}`);
      await github.stop();
      for (const replica of replicas) {
        await replica.stop();
      }
    });

    /** All replicas work, until something is so. */
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
        await replicas[0].knex('promotions').update({ due_at: '2026-01-01' });
        await Promise.all(replicas.map(each => each.run('promotions')));
      }
    }

    /** Pushes a change, and gives the promotion that its run waits for. */
    async function push(): Promise<{ run: number; id: string }> {
      count += 1;
      const { runs } = await github.push(REPOSITORY, {
        message: `Verifier: change ${count}`,
        files: { 'services/verifier/app/main.py': `print(${count})\n` },
      });
      const run = runs[0];
      const id = await until(async () => {
        const { body } = await replicas[0].get(
          `/promotions?runId=${run}`,
          as('omar'),
        );
        return body.items[0]?.status === 'awaiting_approval'
          ? body.items[0].id
          : undefined;
      });
      return { run, id };
    }

    async function eventsOfJob(run: number): Promise<string[]> {
      const deliveries = await github.deliveries();
      const events: string[] = [];
      for (const delivery of deliveries.filter(
        ({ event }) => event === 'workflow_job',
      )) {
        const { payload } = await github.delivery(delivery.id);
        const { action, workflow_job: job } = payload as {
          action: string;
          workflow_job: { run_id: number; name: string };
        };
        if (job.run_id === run && job.name === 'deploy-verifier') {
          events.push(action);
        }
      }
      // Each goes to every replica.
      return [...new Set(events)];
    }

    const statusOf = async (id: string) =>
      (await replicas[1].get(`/promotions/${id}`, as('omar'))).body.status;

    async function approve(replica: TestBackend, id: string, who: string) {
      const { body } = await replica.get(`/promotions/${id}`, as(who));
      return replica.post(
        `/promotions/${id}/approve`,
        { seen: body.seen },
        as(who),
      );
    }

    it('goes on once enough approved it, and is answered once', async () => {
      const { run, id } = await push();
      await approve(replicas[0], id, 'omar');
      const before = await eventsOfJob(run);

      const answers = await Promise.all([
        approve(replicas[1], id, 'ida'),
        approve(replicas[2], id, 'noa'),
      ]);
      await until(async () =>
        (await statusOf(id)) === 'succeeded' ? true : undefined,
      );

      expect(before).toEqual(['waiting']);
      expect(answers.some(({ status }) => status === 200)).toBe(true);
      expect(await eventsOfJob(run)).toEqual([
        'waiting',
        'queued',
        'in_progress',
        'completed',
      ]);
      const { body } = await replicas[0].get(`/promotions/${id}`, as('omar'));
      expect(
        body.events.filter(
          ({ type }: { type: string }) => type === 'let-through',
        ),
      ).toHaveLength(1);
      expect(body.deployment).toMatchObject({ status: 'succeeded' });
      const [callback] = await replicas[0]
        .knex('protection_callbacks')
        .where({ run_id: String(run) });
      expect(callback.state).toBe('approved');
    });

    it('ends when it is rejected, and its job never begins', async () => {
      const { run, id } = await push();

      const rejected = await replicas[2].post(
        `/promotions/${id}/reject`,
        { comment: 'The call back breaks' },
        as('omar'),
      );
      await until(async () => {
        const [callback] = await replicas[0]
          .knex('protection_callbacks')
          .where({ run_id: String(run) });
        return callback.state === 'rejected' ? true : undefined;
      });

      expect(rejected.body.status).toBe('rejected');
      expect(await eventsOfJob(run)).toEqual(['waiting', 'completed']);
    });

    it('is not let in by its author, whoever asks', async () => {
      const { id } = await push();

      const own = await approve(replicas[0], id, 'dana');

      expect(own.status).toBe(403);
      expect(await statusOf(id)).toBe('awaiting_approval');
    });

    it('moves when it is cancelled at GitHub', async () => {
      const { run, id } = await push();

      await github.rest(
        'POST',
        `/repos/${REPOSITORY}/actions/runs/${run}/cancel`,
        { token: TOKEN },
      );
      const status = await until(async () => {
        const now = await statusOf(id);
        return now === 'awaiting_approval' ? undefined : now;
      });

      expect(status).toBe('cancelled');
    });

    it('asks anew when it is run again later', async () => {
      const first = await push();
      await approve(replicas[0], first.id, 'omar');
      await approve(replicas[1], first.id, 'ida');
      await until(async () =>
        (await statusOf(first.id)) === 'succeeded' ? true : undefined,
      );
      const second = await push();
      await approve(replicas[0], second.id, 'omar');
      await approve(replicas[1], second.id, 'ida');
      await until(async () =>
        (await statusOf(second.id)) === 'succeeded' ? true : undefined,
      );

      await github.rest(
        'POST',
        `/repos/${REPOSITORY}/actions/runs/${first.run}/rerun`,
        { token: TOKEN },
      );
      const again = await until(async () => {
        const { body } = await replicas[0].get(
          `/promotions?runId=${first.run}`,
          as('omar'),
        );
        return body.items.length > 1 && body.items[0].status === 'gated'
          ? body.items[0]
          : undefined;
      });

      expect(again.id).not.toBe(first.id);
      const { body } = await replicas[0].get(
        `/promotions/${again.id}`,
        as('omar'),
      );
      expect(body.readiness.conditions).toContainEqual(
        expect.objectContaining({ kind: 'outdated', state: 'unmet' }),
      );
      const { body: service } = await replicas[0].get(
        '/services/component/default/vvp-verifier',
      );
      const { body: live } = await replicas[0].get(
        `/promotions/${second.id}`,
        as('omar'),
      );
      expect(service.environments[0].currentDeployment.release.commit).toBe(
        live.release.commit,
      );
    });

    it('lets no other run of the release in', async () => {
      const { run, id } = await push();
      const { body: waiting } = await replicas[0].get(
        `/promotions/${id}`,
        as('omar'),
      );
      const dispatched = await github.rest(
        'POST',
        `/repos/${REPOSITORY}/actions/workflows/deploy.yml/dispatches`,
        { token: TOKEN, body: { ref: 'main', return_run_details: true } },
      );
      const other = dispatched.json<{ workflow_run_id: number }>()
        .workflow_run_id;
      await approve(replicas[0], id, 'omar');
      await approve(replicas[1], id, 'ida');

      await until(async () =>
        (await statusOf(id)) === 'succeeded' ? true : undefined,
      );

      const { body } = await replicas[0].get(`/promotions/${id}`, as('omar'));
      expect(body.run.runId).toBe(String(run));
      expect(body.release.commit).toBe(waiting.release.commit);
      expect(await eventsOfJob(other)).not.toContain('in_progress');
    });

    it('is superseded by a newer one', async () => {
      const first = await push();

      const second = await push();

      expect(await statusOf(first.id)).toBe('superseded');
      expect(await statusOf(second.id)).toBe('awaiting_approval');
    });
  },
);
