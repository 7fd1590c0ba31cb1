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
  Outcomes,
  startGithubSimulator,
} from '../simulators/github/client';
import { expectNoViolations } from '../simulators/github/testing';
import { findFreePort, githubIntegration } from './loopbackGithub';

jest.setTimeout(240_000);

// The parts are tested on SQLite as well; the whole, on what production has.
const databases = TestDatabases.create({ ids: ['POSTGRES_15'] });

const REPOSITORY = 'example-org/vvp';
const TOKEN = 'token-of-the-portal';
const DISPATCH = 'actions/create-workflow-dispatch';

const build = `name: Build
on:
  push:
    branches: [main]
jobs:
  deploy-staging:
    runs-on: ubuntu-latest
    steps:
      - run: "true"
`;

const release = `name: Release
run-name: Release \${{ inputs.commit }} \${{ inputs.correlation }}
on:
  workflow_dispatch:
    inputs:
      commit: { type: string, required: true }
      correlation: { type: string }
jobs:
  deploy-production:
    runs-on: ubuntu-latest
    steps:
      - run: "true"
`;

const spec = `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: vvp }
spec:
  environments:
    - { name: staging, tier: staging }
    - name: production
      tier: production
      promotion:
        seam: dispatch
        approvals:
          - { from: [group:default/platform-team], required: 1 }
  services:
    verifier:
      entity: component:default/vvp-verifier
      environments:
        staging:
          jobs: [{ workflow: build.yml, job: deploy-staging }]
        production:
          jobs: [{ workflow: release.yml, job: deploy-production }]
          workflows: { deploy: { workflow: release.yml, releaseInput: commit } }
`;

const as = (name: string) =>
  mockCredentials.user.header(`user:default/${name}`);

describe.each(databases.eachSupportedId())(
  'promotions that the portal carries out itself, on %s',
  databaseId => {
    let github: GithubSimulator;
    let portal: TestBackend;
    let count = 0;

    beforeAll(async () => {
      const port = await findFreePort();
      portal = await startDeployBackend({
        databases,
        databaseId,
        people: [
          user('dana', { groups: ['vvp-team'] }),
          user('omar', { groups: ['platform-team'] }),
          group('vvp-team', ['dana']),
          group('platform-team', ['omar']),
        ],
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
        message: 'A pipeline that is told what to deploy',
        files: {
          '.github/workflows/build.yml': build,
          '.github/workflows/deploy.yml': null,
          '.github/workflows/release.yml': release,
          'deploy.yaml': spec,
        },
      });
      portal.entities.push(
        component('vvp-verifier', {
          key: 'verifier',
          location: `${github.url}/${REPOSITORY}/blob/main/catalog-info.yaml`,
        }),
      );
      await portal.run('catalog-sync');
      await portal.run('spec-refresh');
      await portal.run('poll');
    });

    afterEach(async () => {
      await github.clearRestFaults();
      await github.setOutcomes(REPOSITORY, {});
    });

    afterAll(async () => {
      await expectNoViolations(github, `dispatched-promotions-${databaseId}`);
      await github.stop();
      await portal.stop();
    });

    /** The portal looks again and again, until something is so. */
    async function until<T>(find: () => Promise<T | undefined>): Promise<T> {
      const end = Date.now() + 100_000;
      for (;;) {
        await github.flush();
        const found = await find();
        if (found !== undefined) {
          return found;
        }
        if (Date.now() > end) {
          throw new Error('It did not come to be so');
        }
        await look();
      }
    }

    /** Everything that is due, and what is not. */
    async function look() {
      await portal.knex('promotions').update({ due_at: '2026-01-01' });
      await portal.run('promotions');
    }

    const promotion = async (id: string) =>
      (await portal.get(`/promotions/${id}`, as('omar'))).body;

    const endOf = (id: string) =>
      until(async () => {
        const { status, ...rest } = await promotion(id);
        return ['executing', 'verifying', 'approved'].includes(status)
          ? undefined
          : { status, ...rest };
      });

    /** What the workflow was told to deploy, and how that ended; of one release, oldest first. */
    async function dispatchesOf(commit: string) {
      const { body } = await github
        .rest(
          'GET',
          `/repos/${REPOSITORY}/actions/workflows/release.yml/runs`,
          { token: TOKEN },
        )
        .then(response => ({
          body: response.json<{
            workflow_runs: {
              id: number;
              display_title: string;
              conclusion: string | null;
              status: string;
            }[];
          }>(),
        }));
      return body.workflow_runs
        .filter(run => run.display_title.includes(commit))
        .reverse();
    }

    /** A new release that works in staging, and the promotion that Dana asks for. */
    async function ask(outcomes: Outcomes = {}) {
      count += 1;
      const { sha } = await github.push(REPOSITORY, {
        message: `Verifier: change ${count}`,
        files: { 'services/verifier/app/main.py': `print(${count})\n` },
      });
      await github.setOutcomes(REPOSITORY, outcomes);
      const id = await until(async () => {
        const row = await portal
          .knex('releases')
          .where({ commit_sha: sha })
          .first('id');
        return row?.id as string | undefined;
      });
      const { body } = await portal.post(
        '/promotions',
        {
          entityRef: 'component:default/vvp-verifier',
          environment: 'production',
          release: id,
        },
        as('dana'),
      );
      return { commit: sha, id: body.id as string };
    }

    async function approve(id: string) {
      const { seen } = await promotion(id);
      return portal.post(`/promotions/${id}/approve`, { seen }, as('omar'));
    }

    it('go from the request over the approval and the run to their end', async () => {
      const { commit, id } = await ask();
      const waiting = await promotion(id);
      const before = await dispatchesOf(commit);

      await approve(id);
      const ended = await endOf(id);

      expect(waiting.status).toBe('awaiting_approval');
      expect(before).toEqual([]);
      expect(ended).toMatchObject({
        status: 'succeeded',
        release: { commit },
      });
      expect(await dispatchesOf(commit)).toEqual([
        expect.objectContaining({ conclusion: 'success' }),
      ]);
      await until(async () => {
        const { body } = await portal.get(
          '/services/component/default/vvp-verifier',
        );
        const { currentDeployment } = body.environments.find(
          ({ name }: { name: string }) => name === 'production',
        );
        return currentDeployment?.release.commit === commit || undefined;
      });
    });

    it('fail with the workflow', async () => {
      const { commit, id } = await ask({
        'deploy-production': { conclusion: 'failure' },
      });

      await approve(id);
      const ended = await endOf(id);

      expect(ended.status).toBe('failed');
      expect(ended.failure.message).toEqual(expect.any(String));
      expect(await dispatchesOf(commit)).toHaveLength(1);
    });

    it('dispatch once, whoever asks again', async () => {
      const { commit, id } = await ask({ 'deploy-production': { hold: true } });
      await approve(id);
      const run = await until(async () => (await dispatchesOf(commit))[0]);

      // As a crash leaves it between the start of the operation and the note of it.
      const forget = () =>
        portal
          .knex('promotions')
          .where({ id })
          .update({ go_ahead_at: null, operation_id: null });
      await forget();
      await look();
      const during = await promotion(id);
      const { attempts } = await github.run(REPOSITORY, run.id);
      await github.completeJob(REPOSITORY, attempts[0].jobs[0].id);
      await forget();
      const ended = await endOf(id);

      expect(during.status).toBe('executing');
      expect(ended.status).toBe('succeeded');
      expect(await dispatchesOf(commit)).toHaveLength(1);
      expect(
        await portal
          .knex('operations')
          .whereLike('context', `%${id}%`)
          .select('status'),
      ).toEqual([{ status: 'succeeded' }]);
    });

    const lockPath =
      '/services/component/default/vvp-verifier/environments/production/lock';

    const lock = () =>
      portal.post(lockPath, { reason: 'The database is moved' }, as('omar'));

    it('wait for a lock that was set after the approval', async () => {
      const { commit, id } = await ask();
      const freeze = await portal.post(
        '/freezes',
        {
          title: 'Inventory',
          reason: 'Nobody changes production now',
          scope: { environments: ['production'] },
          window: {
            from: new Date(Date.now() - 60_000).toISOString(),
            to: new Date(Date.now() + 3_600_000).toISOString(),
          },
        },
        as('omar'),
      );
      await approve(id);
      const frozen = await promotion(id);

      await lock();
      await portal.delete(`/freezes/${freeze.body.id}`, as('omar'));
      await look();
      const locked = await promotion(id);
      const before = await dispatchesOf(commit);
      await portal.delete(lockPath, as('omar'));
      const ended = await endOf(id);

      expect(frozen.status).toBe('approved');
      expect(locked.status).toBe('approved');
      expect(locked.readiness.conditions).toContainEqual(
        expect.objectContaining({ kind: 'lock', state: 'unmet' }),
      );
      expect(before).toEqual([]);
      expect(ended.status).toBe('succeeded');
      expect(await dispatchesOf(commit)).toHaveLength(1);
    });

    it('are held up by a lock that was set once they were let through', async () => {
      const { commit, id } = await ask();
      await lock();
      await approve(id);
      // As a process leaves it that dies before it dispatches what it let through.
      const row = await portal.knex('promotions').where({ id }).first('state');
      await portal
        .knex('promotions')
        .where({ id })
        .update({
          status: 'executing',
          state: JSON.stringify({
            ...JSON.parse(row.state),
            status: 'executing',
            decided: { at: new Date().toISOString() },
          }),
        });

      await look();
      const during = await promotion(id);
      const before = await dispatchesOf(commit);
      await portal.delete(lockPath, as('omar'));
      const ended = await endOf(id);

      expect(during.status).toBe('executing');
      expect(during.operationId).toBeUndefined();
      expect(before).toEqual([]);
      expect(ended.status).toBe('succeeded');
      expect(await dispatchesOf(commit)).toHaveLength(1);
    });

    it('end when their run is cancelled at GitHub', async () => {
      const { commit, id } = await ask({ 'deploy-production': { hold: true } });
      await approve(id);
      const run = await until(async () => (await dispatchesOf(commit))[0]);

      await github.rest(
        'POST',
        `/repos/${REPOSITORY}/actions/runs/${run.id}/force-cancel`,
        { token: TOKEN },
      );
      const ended = await endOf(id);
      const operations = await until(async () => {
        const rows = await portal
          .knex('operations')
          .whereLike('context', `%${id}%`)
          .select('status');
        return rows.every(({ status }) => status !== 'running')
          ? rows
          : undefined;
      });

      expect(ended).toMatchObject({
        status: 'cancelled',
        release: { commit },
      });
      expect(operations).toEqual([{ status: 'failed' }]);
      expect(await dispatchesOf(commit)).toEqual([
        expect.objectContaining({ conclusion: 'cancelled' }),
      ]);
    });

    it('get through an outage of GitHub, and are dispatched once', async () => {
      const { commit, id } = await ask();
      // What is asked is done, and the answer is lost.
      await github.failRest(DISPATCH, { status: 502, carriedOut: true });

      await approve(id);
      const ended = await endOf(id);

      expect(ended.status).toBe('succeeded');
      expect(await dispatchesOf(commit)).toHaveLength(1);
    });
  },
);
