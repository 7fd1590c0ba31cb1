import { join } from 'node:path';
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet } from 'jose';
import {
  loopbackRequest,
  startGithubSimulator,
  type GithubSimulator,
} from './client';
import { REPOSITORIES, START } from './testing';

jest.setTimeout(240_000);

const AUDIENCE = 'deploy-portal';
const REPOSITORY = 'example-org/release';

describe('ID tokens of jobs', () => {
  let simulator: GithubSimulator;
  let job: number;
  let environmentJob: number;
  let sha: string;
  let runId: number;

  beforeAll(async () => {
    simulator = await startGithubSimulator({ start: START });
    await simulator.createRepository({
      owner: 'example-org',
      name: 'release',
      folder: join(REPOSITORIES, 'release'),
    });
    const started = await simulator.pushTag(REPOSITORY, {
      tag: 'v1.0.0',
      actor: 'omar',
      outcomes: { plan: { outputs: { services: '["api"]' } } },
    });
    sha = started.sha;
    runId = started.runs[0];
    const run = await simulator.run(REPOSITORY, runId);
    [job, environmentJob] = run.attempts[0].jobs.map(({ id }) => id);
  });

  afterAll(() => simulator.stop());

  async function keys() {
    const discovery = await loopbackRequest(
      `${simulator.issuer}/.well-known/openid-configuration`,
    );
    const { jwks_uri: uri } = discovery.json<{ jwks_uri: string }>();
    const answer = await loopbackRequest(uri);
    return createLocalJWKSet(answer.json<JSONWebKeySet>());
  }

  async function verify(token: string) {
    const { payload } = await jwtVerify(token, await keys(), {
      issuer: simulator.issuer,
      audience: AUDIENCE,
      algorithms: ['RS256'],
    });
    return payload;
  }

  it('carry GitHub’s claims and verify against the published keys', async () => {
    const token = await simulator.oidcToken(REPOSITORY, job, {
      audience: AUDIENCE,
    });

    const ref = 'refs/tags/v1.0.0';
    expect(await verify(token)).toMatchObject({
      sub: `repo:${REPOSITORY}:ref:${ref}`,
      repository: REPOSITORY,
      repository_owner: 'example-org',
      ref,
      ref_type: 'tag',
      sha,
      actor: 'omar',
      event_name: 'push',
      run_id: String(runId),
      run_attempt: '1',
      workflow: 'Deploy tag',
      job_workflow_ref: `${REPOSITORY}/.github/workflows/deploy-tag.yml@${ref}`,
      runner_environment: 'github-hosted',
    });
  });

  it('name the environment in the subject', async () => {
    const token = await simulator.oidcToken(REPOSITORY, environmentJob, {
      audience: AUDIENCE,
    });

    expect(await verify(token)).toMatchObject({
      sub: `repo:${REPOSITORY}:environment:api-production`,
      environment: 'api-production',
    });
  });

  it('of a pull request say so, with head and base', async () => {
    const { runs } = await simulator.openPullRequest(REPOSITORY, {
      branch: 'feature/two',
      title: 'Two',
      files: { 'two.txt': 'two\n' },
    });
    const run = await simulator.run(REPOSITORY, runs[0]);
    const token = await simulator.oidcToken(
      REPOSITORY,
      run.attempts[0].jobs[0].id,
      { audience: AUDIENCE },
    );

    expect(await verify(token)).toMatchObject({
      sub: `repo:${REPOSITORY}:pull_request`,
      event_name: 'pull_request',
      ref: 'refs/pull/1/merge',
      head_ref: 'feature/two',
      base_ref: 'main',
    });
  });

  it('expire, and are bound to their audience', async () => {
    const expired = await simulator.oidcToken(REPOSITORY, job, {
      audience: AUDIENCE,
      expiresIn: -60,
    });
    const other = await simulator.oidcToken(REPOSITORY, job, {
      audience: 'other',
    });

    await expect(verify(expired)).rejects.toMatchObject({
      code: 'ERR_JWT_EXPIRED',
    });
    await expect(verify(other)).rejects.toMatchObject({ claim: 'aud' });
  });

  it('keep verifying when keys rotate, until the old key is forgotten', async () => {
    const token = await simulator.oidcToken(REPOSITORY, job, {
      audience: AUDIENCE,
    });

    await simulator.rotateOidcKeys();
    await expect(verify(token)).resolves.toBeDefined();

    await simulator.rotateOidcKeys({ forget: true });
    await expect(verify(token)).rejects.toMatchObject({
      code: 'ERR_JWKS_NO_MATCHING_KEY',
    });
  });
});
