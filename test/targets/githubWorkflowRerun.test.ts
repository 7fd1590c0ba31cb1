import { join, resolve } from 'node:path';
import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { component } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/entities';
import {
  startDeployBackend,
  TestBackend,
  WEBHOOK_SECRET,
} from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/startDeployBackend';
import { findFreePort, githubIntegration } from '../integration/loopbackGithub';
import {
  GithubSimulator,
  Outcomes,
  startGithubSimulator,
} from '../simulators/github/client';
import { expectNoViolations } from '../simulators/github/testing';

jest.setTimeout(240_000);

// The parts are tested on SQLite as well; the whole, on what production has.
const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const REPOSITORY = 'example-org/vvp';
const TOKEN = 'token-of-the-portal';
const REASON = 'The registry was away for a minute';
const NOWHERE = '00000000-0000-4000-8000-000000000000';

const workflow = `name: Build and Deploy
on:
  push:
    branches: [main]
jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - run: "true"
  deploy-verifier:
    needs: build
    runs-on: ubuntu-latest
    environment: production
    steps:
      - run: "true"
  deploy-issuer:
    needs: build
    runs-on: ubuntu-latest
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
          - { from: [group:default/platform-team], required: 1 }
  services:
    verifier:
      entity: component:default/vvp-verifier
      environments:
        production:
          jobs: [{ workflow: deploy.yml, job: deploy-verifier }]
    issuer:
      entity: component:default/vvp-issuer
      environments:
        production:
          jobs: [{ workflow: deploy.yml, job: deploy-issuer }]
`;

const dana = mockCredentials.user.header('user:default/dana');

describe.each(databases.eachSupportedId())(
  'failed jobs that run again, on %s',
  databaseId => {
    let github: GithubSimulator;
    let portal: TestBackend;
    let count = 0;

    beforeAll(async () => {
      const port = await findFreePort();
      portal = await startDeployBackend({
        databases,
        databaseId,
        config: {
          integrations: githubIntegration(`127.0.0.1:${port}`, TOKEN),
        },
      });
      github = await startGithubSimulator({
        port,
        start: new Date(Date.now() - 3 * 3_600_000).toISOString(),
        tokens: { [TOKEN]: 'deploy-portal[bot]' },
        webhookUrls: [`${portal.url}/api/events/http/github`],
        webhookSecret: WEBHOOK_SECRET,
      });
      await github.createRepository({
        owner: 'example-org',
        name: 'vvp',
        folder: join(resolve(__dirname, '..', '..'), 'examples', 'vvp'),
      });
      await github.push(REPOSITORY, {
        message: 'A pipeline that deploys by itself',
        files: {
          '.github/workflows/deploy.yml': workflow,
          'deploy.yaml': spec,
        },
      });
      for (const key of ['verifier', 'issuer']) {
        portal.entities.push(
          component(`vvp-${key}`, {
            key,
            location: `${github.url}/${REPOSITORY}/blob/main/catalog-info.yaml`,
          }),
        );
      }
      await portal.run('catalog-sync');
      await portal.run('spec-refresh');
      await portal.run('poll');
    });

    afterEach(async () => {
      await github.setOutcomes(REPOSITORY, {});
    });

    afterAll(async () => {
      await expectNoViolations(github, `workflow-rerun-${databaseId}`);
      await github.stop();
      await portal.stop();
    });

    async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
      const end = Date.now() + 180_000;
      for (;;) {
        await github.flush();
        const found = await find();
        if (found !== undefined) {
          return found;
        }
        if (Date.now() > end) {
          throw new Error('It did not come to be so');
        }
        await new Promise(again => setTimeout(again, 50));
      }
    }

    /** The deployments of a run, those of its newest attempt first. */
    async function deploymentsOf(runId: string, key = 'verifier') {
      const { body } = await portal.get(
        `/services/component/default/vvp-${key}/deployments?limit=100`,
      );
      return (
        body.items as {
          id: string;
          source: string;
          status: string;
          run?: { runId: string; attempt: number };
        }[]
      ).filter(({ run }) => run?.runId === runId);
    }

    /** A push whose jobs end so, and what came of the verifier. */
    async function push(outcomes: Outcomes, status: string) {
      count += 1;
      const { runs } = await github.push(REPOSITORY, {
        message: `Change ${count}`,
        files: { 'README.md': `${count}\n` },
        outcomes,
      });
      const runId = String(runs[0]);
      const deployment = await until(async () =>
        (await deploymentsOf(runId)).find(one => one.status === status),
      );
      return { runId, id: deployment.id };
    }

    const pushFailing = (more: Outcomes = {}) =>
      push({ 'deploy-verifier': { conclusion: 'failure' }, ...more }, 'failed');

    const rerun = (id: string, part: object = {}, key?: string) =>
      portal.post(
        `/deployments/${id}/rerun-failed-jobs`,
        { reason: REASON, confirm: 'vvp-verifier', ...part },
        dana,
        key ? { 'Idempotency-Key': key } : {},
      );

    const ended = (id: string) =>
      until(async () => {
        const { body } = await portal.get(`/operations/${id}`);
        return ['queued', 'running'].includes(body.status) ? undefined : body;
      });

    const attemptsOf = async (runId: string) =>
      (await github.run(REPOSITORY, Number(runId))).attempts;

    const lockOf = (key: string) =>
      `/services/component/default/vvp-${key}/environments/production/lock`;

    it('deploy what failed before, once for a request that comes twice', async () => {
      const { runId, id } = await pushFailing();

      const first = await rerun(id, {}, 'one-key');
      const second = await rerun(id, {}, 'one-key');
      const operation = await ended(first.body.id);
      const third = await rerun(id, {}, 'one-key');

      expect([first.status, second.status, third.status]).toEqual([
        202, 202, 202,
      ]);
      expect([second.body.id, third.body.id]).toEqual([
        first.body.id,
        first.body.id,
      ]);
      expect(operation).toMatchObject({
        kind: 'rerun',
        status: 'succeeded',
        outcome: 'done',
        requestedBy: 'user:default/dana',
        reason: REASON,
      });
      expect((await attemptsOf(runId)).map(one => one.conclusion)).toEqual([
        'failure',
        'success',
      ]);
      const statuses = await until(async () => {
        const found = await deploymentsOf(runId);
        return found.some(({ status }) => status === 'succeeded')
          ? found.map(({ status, run }) => [run?.attempt, status])
          : undefined;
      });
      expect(statuses).toEqual([
        [2, 'succeeded'],
        [1, 'failed'],
      ]);
      const later = await rerun(id, {}, 'another-key');
      expect(later.status).toBe(409);
      expect(later.body.error.message).toMatch(/newer attempt, 2/);
    });

    it('end the operation as failed, with somebody to look, when they fail again', async () => {
      const { id } = await pushFailing();
      await github.setOutcomes(REPOSITORY, {
        'deploy-verifier': { conclusion: 'failure' },
      });

      const { body } = await rerun(id);

      expect(await ended(body.id)).toMatchObject({
        status: 'failed',
        outcome: 'unclear',
      });
    });

    it('are refused where there is nothing to repeat', async () => {
      const { id } = await push({}, 'succeeded');

      const { status, body } = await rerun(id);

      expect(status).toBe(409);
      expect(body.error.message).toMatch(/did not fail/);
    });

    it('are refused while the run is under way', async () => {
      const { id, runId } = await push(
        { 'deploy-verifier': { hold: true } },
        'in_progress',
      );

      const { status, body } = await rerun(id);

      expect(status).toBe(409);
      expect(body.error.message).toMatch(/still under way/);
      await github.rest(
        'POST',
        `/repos/${REPOSITORY}/actions/runs/${runId}/cancel`,
        { token: TOKEN },
      );
    });

    it('are refused once something else was deployed', async () => {
      const { id } = await pushFailing();
      await push({}, 'succeeded');

      const { status, body } = await rerun(id);

      expect(status).toBe(409);
      expect(body.error.message).toMatch(/deployed here since/);
    });

    it('need the word and the reason, of a deployment that is there', async () => {
      const { id, runId } = await pushFailing();

      const unknown = await rerun(NOWHERE);
      const unconfirmed = await rerun(id, { confirm: 'production' });
      const unexplained = await rerun(id, { reason: 'why' });

      expect(
        [unknown, unconfirmed, unexplained].map(one => one.status),
      ).toEqual([404, 400, 400]);
      expect(await attemptsOf(runId)).toHaveLength(1);
    });

    it('are refused in a locked environment, and for a release in quarantine', async () => {
      const { id, runId } = await pushFailing();
      await portal.post(lockOf('verifier'), { reason: REASON });
      const locked = await rerun(id);
      await portal.delete(lockOf('verifier'));
      const { body: deployment } = await portal.get(`/deployments/${id}`);
      const quarantine = `/releases/${deployment.release.id}/quarantine`;
      await portal.post(quarantine, { reason: REASON });
      const quarantined = await rerun(id);
      await portal.delete(quarantine);

      expect([locked.status, quarantined.status]).toEqual([409, 409]);
      expect(locked.body.error.message).toMatch(/locked this environment/);
      expect(quarantined.body.error.message).toMatch(/quarantined release/);
      expect(await attemptsOf(runId)).toHaveLength(1);
    });

    it('are refused while another environment is locked that they would deploy into', async () => {
      const { id, runId } = await pushFailing({
        'deploy-issuer': { conclusion: 'failure' },
      });
      await until(async () =>
        (
          await deploymentsOf(runId, 'issuer')
        ).find(one => one.status === 'failed'),
      );
      await portal.post(lockOf('issuer'), { reason: REASON });
      const { status, body } = await rerun(id);
      await portal.delete(lockOf('issuer'));

      expect(status).toBe(409);
      expect(body.error.message).toMatch(/locked this environment/);
      expect(await attemptsOf(runId)).toHaveLength(1);
    });

    /** A re-run whose job goes on until somebody ends it. */
    async function rerunHeld() {
      const { id, runId } = await pushFailing();
      await github.setOutcomes(REPOSITORY, {
        'deploy-verifier': { hold: true },
      });
      const { body } = await rerun(id);
      expect(body).toEqual({ id: expect.any(String) });
      const { source } = await until(async () =>
        (await deploymentsOf(runId)).find(one => one.status === 'in_progress'),
      );
      return { runId, operation: body.id, job: source.split(':').at(-1) };
    }

    it('go to their end although the operation is cancelled: its only step is under way', async () => {
      const { operation, job } = await rerunHeld();

      const { status } = await portal.post(
        `/operations/${operation}/cancel`,
        {},
      );
      await github.completeJob(REPOSITORY, Number(job));

      expect(status).toBe(202);
      expect(await ended(operation)).toMatchObject({
        status: 'succeeded',
        outcome: 'done',
        cancelRequested: { by: expect.any(String) },
      });
    });

    it('end the operation as failed when the run is cancelled meanwhile', async () => {
      const { operation, runId } = await rerunHeld();

      await github.rest(
        'POST',
        `/repos/${REPOSITORY}/actions/runs/${runId}/cancel`,
        { token: TOKEN },
      );

      expect(await ended(operation)).toMatchObject({
        status: 'failed',
        outcome: 'unclear',
      });
    });

    it('are held again at an environment, and go on only by its rule', async () => {
      const { id, runId } = await pushFailing();
      await github.setEnvironment(REPOSITORY, 'production', {
        customRule: true,
      });

      const { body } = await rerun(id);
      expect(body).toEqual({ id: expect.any(String) });

      expect(await ended(body.id)).toMatchObject({ status: 'succeeded' });
      expect((await attemptsOf(runId)).at(-1)).toMatchObject({
        status: 'waiting',
      });
      const asked = await until(async () => {
        const { body: found } = await portal.get(`/promotions?runId=${runId}`);
        return found.items[0] as { status: string } | undefined;
      });
      expect(asked.status).not.toBe('succeeded');
    });
  },
);
