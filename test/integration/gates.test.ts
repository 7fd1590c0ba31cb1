import { join, resolve } from 'node:path';
import { TestDatabases } from '@backstage/backend-test-utils';
import { GateResult } from '@vvp/backstage-plugin-deploy-common';
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
import { expectNoViolations } from '../simulators/github/testing';
import { findFreePort, githubIntegration } from './loopbackGithub';

jest.setTimeout(240_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_15'] });

const EXAMPLES = resolve(__dirname, '..', '..', 'examples');
const TOKEN = 'token-of-the-portal';
const SERVICE = '/services/component/default/vvp-verifier';

describe.each(databases.eachSupportedId())(
  "VVP's gates, with reports by OIDC, on %s",
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
          deploy: {
            evidence: {
              oidc: [{ issuer: `http://${host}/_oidc`, audience: 'deploy' }],
            },
          },
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
        ...['verifier', 'issuer'].map(key =>
          component(`vvp-${key}`, {
            key,
            location: `${github.url}/example-org/vvp/blob/main/catalog-info.yaml`,
          }),
        ),
      );
      await backend.run('catalog-sync');
    });

    afterAll(async () => {
      await expectNoViolations(github, `gates-${databaseId}`);
      await github.stop();
      await backend.stop();
    });

    /** Changes a file of VVP, and gives the commit and a job of the run that follows. */
    async function push(path: string, job: string) {
      const { sha, runs } = await github.push('example-org/vvp', {
        message: `Change ${path}`,
        files: { [path]: `changed = "${Math.random()}"\n` },
      });
      await github.flush();
      const run = await github.run('example-org/vvp', runs[0]);
      const played = run.attempts[0].jobs.find(({ name }) => name === job);
      return { sha, jobId: played?.id };
    }

    async function coverageGate(commit: string): Promise<GateResult> {
      const { body } = await backend.get(
        `${SERVICE}/environments/production/gates?commit=${commit}`,
      );
      return body.results.find(({ name }: GateResult) => name === 'coverage');
    }

    /** The gate, once everything that it wants to know is known. */
    async function settledGate(commit: string): Promise<GateResult> {
      for (let tries = 0; tries < 200; tries += 1) {
        const gate = await coverageGate(commit);
        const wanted = await backend
          .knex('changes')
          .where({ state: 'wanted', head: commit });
        if (wanted.length === 0 && gate.state !== 'pending') {
          return gate;
        }
        await backend.run('feedback');
      }
      return coverageGate(commit);
    }

    const report = (options: { sha: string; token: string; hits: string }) =>
      backend.report(
        { entityRef: 'component:default/vvp-verifier', commit: options.sha },
        `TN:\nSF:services/verifier/app/main.py\n${[...options.hits]
          .map((hit, index) => `DA:${index + 1},${hit}\n`)
          .join('')}end_of_record\n`,
        { header: `Bearer ${options.token}` },
      );

    it('judge a report that its own job brought, and carry it over commits that do not touch the service', async () => {
      const measured = await push(
        'services/verifier/app/main.py',
        'test-verifier',
      );
      const token = await github.oidcToken(
        'example-org/vvp',
        measured.jobId ?? 0,
        { audience: 'deploy' },
      );

      const { status } = await report({
        sha: measured.sha,
        token,
        hits: '1111111110',
      });

      expect(status).toBe(201);
      expect(await coverageGate(measured.sha)).toMatchObject({
        state: 'pass',
        actual: 90,
        threshold: 79,
        carriedForward: false,
      });

      const elsewhere = await push('services/issuer/app/main.py', 'changes');
      expect((await coverageGate(elsewhere.sha)).state).toBe('pending');
      expect(await settledGate(elsewhere.sha)).toMatchObject({
        state: 'pass',
        measuredCommit: measured.sha,
        carriedForward: true,
      });

      const changed = await push('services/verifier/app/main.py', 'changes');
      // Pushed three hours ago on GitHub's clock: it has been waited for long enough.
      expect(await settledGate(changed.sha)).toMatchObject({
        state: 'fail',
        evidenceIds: [],
        carriedForward: false,
      });
    });

    it("do not open by the report of another commit's job", async () => {
      const first = await push(
        'services/verifier/app/main.py',
        'test-verifier',
      );
      const second = await push(
        'services/verifier/app/main.py',
        'test-verifier',
      );
      const token = await github.oidcToken(
        'example-org/vvp',
        first.jobId ?? 0,
        {
          audience: 'deploy',
        },
      );

      const { status, body } = await report({
        sha: second.sha,
        token,
        hits: '1111111111',
      });

      expect(status).toBe(403);
      expect(body.error.message).toContain('sha');
      expect((await coverageGate(second.sha)).state).toBe('pending');
    });

    it("do not open by a pull request's report", async () => {
      const { number, sha, runs } = await github.openPullRequest(
        'example-org/vvp',
        {
          branch: 'omar/claims',
          title: 'Verifier: other claims',
          files: { 'services/verifier/app/main.py': 'other = 1\n' },
        },
      );
      const run = runs[0] && (await github.run('example-org/vvp', runs[0]));
      // VVP's workflow is of pushes only: a job of any run, with what GitHub claims of a pull request.
      const { jobId } = await push('services/verifier/app/x.py', 'changes');
      const token = await github.oidcToken('example-org/vvp', jobId ?? 0, {
        audience: 'deploy',
        overrides: {
          event_name: 'pull_request',
          ref: `refs/pull/${number}/merge`,
          head_ref: 'omar/claims',
          base_ref: 'main',
        },
      });

      const { status, body } = await report({ sha, token, hits: '1111111111' });

      expect(run).toBeFalsy();
      expect(status).toBe(201);
      expect(body.pullRequest).toBe(number);
      expect((await coverageGate(sha)).state).toBe('pending');

      await github.mergePullRequest('example-org/vvp', number);
      expect((await coverageGate(sha)).state).toBe('pending');
    });
  },
);
