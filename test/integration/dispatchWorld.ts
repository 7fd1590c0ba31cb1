import { join, resolve } from 'node:path';
import {
  mockCredentials,
  TestDatabaseId,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { component } from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/entities';
import {
  startDeployBackend,
  WEBHOOK_SECRET,
} from '@vvp/backstage-plugin-deploy-backend/src/__testUtils__/startDeployBackend';
import {
  group,
  user,
} from '@vvp/backstage-plugin-deploy-backend/src/promotions/__testUtils__/people';
import { Outcomes, startGithubSimulator } from '../simulators/github/client';
import { findFreePort, githubIntegration } from './loopbackGithub';

export const REPOSITORY = 'example-org/vvp';
export const TOKEN = 'token-of-the-portal';

const build = `name: Build
on:
  push:
    branches: [main]
    tags: [main]
jobs:
  deploy-staging:
    runs-on: ubuntu-latest
    steps:
      - run: "true"
`;

export const spec = `apiVersion: deploy.vvp.io/v1alpha1
kind: Pipeline
metadata: { name: vvp }
spec:
  environments:
    - { name: staging, tier: staging }
    - name: production
      tier: production
      promotion:
        seam: dispatch
        refs: { branches: [main] }
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
          target: { type: github-workflow, workflow: release.yml, releaseInput: commit }
          rollback: { checks: 1, secondsBetweenChecks: 1 }
    issuer:
      entity: component:default/vvp-issuer
      environments:
        production:
          jobs: [{ workflow: release.yml, job: deploy-issuer }]
          promotion: { seam: protection-rule }
`;

/** A workflow that is told what to deploy, by its last job; `more` stands in each of its jobs. */
export const release = (more = '', others = '') => `name: Release
run-name: Release \${{ inputs.commit }} \${{ inputs.correlation }}
on:
  workflow_dispatch:
    inputs:
      commit: { type: string, required: true }
      correlation: { type: string }
jobs:
  check:
    runs-on: ubuntu-latest
    steps:
      - run: "true"
  deploy-production:
    needs: check
    runs-on: ubuntu-latest${more}
    steps:
      - run: "true"
${others}`;

export const as = (name: string) =>
  mockCredentials.user.header(`user:default/${name}`);

/** The portal and GitHub, with a service that the portal itself brings into production, by a workflow. */
export async function startDispatchWorld(
  databases: TestDatabases,
  databaseId: TestDatabaseId,
  /** The workflow that deploys. */
  workflow: string,
) {
  let count = 0;
  const port = await findFreePort();
  const portal = await startDeployBackend({
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
  const github = await startGithubSimulator({
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
      '.github/workflows/release.yml': workflow,
      'deploy.yaml': spec,
    },
  });
  portal.entities.push(
    ...['verifier', 'issuer'].map(key =>
      component(`vvp-${key}`, {
        key,
        location: `${github.url}/${REPOSITORY}/blob/main/catalog-info.yaml`,
      }),
    ),
  );
  await portal.run('catalog-sync');
  await portal.run('spec-refresh');
  await portal.run('poll');

  const promotion = async (id: string) =>
    (await portal.get(`/promotions/${id}`, as('omar'))).body;

  const world = {
    portal,
    github,
    promotion,

    /** The portal looks again and again, until something is so. */
    async until<T>(find: () => Promise<T | undefined>): Promise<T> {
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
        await world.look();
      }
    },

    /** Everything that is due, and what is not. */
    async look() {
      await portal.knex('promotions').update({ due_at: '2026-01-01' });
      await portal
        .knex('protection_callbacks')
        .where({ state: 'pending' })
        .update({ due_at: '2026-01-01' });
      await portal.run('promotions');
    },

    endOf: (id: string) =>
      world.until(async () => {
        const { status, ...rest } = await promotion(id);
        return ['executing', 'verifying', 'approved'].includes(status)
          ? undefined
          : { status, ...rest };
      }),

    /** What the workflow was told to deploy, and how that ended; of one release, oldest first. */
    async dispatchesOf(commit: string) {
      const response = await github.rest(
        'GET',
        `/repos/${REPOSITORY}/actions/workflows/release.yml/runs`,
        { token: TOKEN },
      );
      const { workflow_runs: runs } = response.json<{
        workflow_runs: {
          id: number;
          display_title: string;
          conclusion: string | null;
          status: string;
        }[];
      }>();
      return runs.filter(run => run.display_title.includes(commit)).reverse();
    },

    /** A new release that works in staging, and the promotion that Dana asks for; on a branch, by a tag `main`. */
    async ask(outcomes: Outcomes = {}, branch = 'main') {
      count += 1;
      const { sha } = await github.push(REPOSITORY, {
        message: `Verifier: change ${count}`,
        files: { 'services/verifier/app/main.py': `print(${count})\n` },
        branch,
      });
      if (branch !== 'main') {
        await github.pushTag(REPOSITORY, { tag: 'main', ref: sha });
      }
      await github.setOutcomes(REPOSITORY, outcomes);
      const id = await world.until(async () => {
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
    },

    async approve(id: string) {
      const { seen } = await promotion(id);
      return portal.post(`/promotions/${id}/approve`, { seen }, as('omar'));
    },

    /** Of the promotion, once it is over. */
    operationOf: (id: string) =>
      world.until(async () => {
        const row = await portal
          .knex('operations')
          .whereLike('context', `%${id}%`)
          .first();
        return row?.finished_at ? row : undefined;
      }),

    async stop() {
      await github.stop();
      await portal.stop();
    },
  };
  return world;
}
