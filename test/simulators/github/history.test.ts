import { join } from 'node:path';
import { parse } from 'yaml';
import { startGithubSimulator, type GithubSimulator } from './client';
import { expectNoViolations } from './testing';

jest.setTimeout(240_000);

const EXAMPLES = join(__dirname, '../../../examples');
const ANCHOR = '2026-11-20T15:00:00Z';
const VVP = 'example-org/vvp';

interface Run {
  id: number;
  name: string;
  status: string;
  conclusion: string | null;
  run_attempt: number;
  created_at: string;
}

describe('the month of history', () => {
  let simulator: GithubSimulator;

  function start() {
    return startGithubSimulator({
      examples: EXAMPLES,
      history: true,
      anchor: ANCHOR,
      publicUrl: 'http://127.0.0.1:39999',
    });
  }

  beforeAll(async () => {
    simulator = await start();
  });

  afterAll(async () => {
    await expectNoViolations(simulator, 'history');
    await simulator.stop();
  });

  async function runs(repository: string): Promise<Run[]> {
    const answer = await simulator.rest(
      'GET',
      `/repos/${repository}/actions/runs?per_page=100`,
    );
    return answer.json<{ workflow_runs: Run[] }>().workflow_runs;
  }

  it('is the same for the same anchor', async () => {
    const other = await start();
    try {
      const upToAnchor = async (one: GithubSimulator) =>
        (await one.deliveries())
          .filter(delivery => delivery.deliveredAt <= ANCHOR)
          .map(({ guid, event, action, repository, deliveredAt }) =>
            [guid, event, action, repository, deliveredAt].join(' '),
          );
      const [first, second] = await Promise.all([
        upToAnchor(simulator),
        upToAnchor(other),
      ]);
      expect(second).toEqual(first);

      const deliveries = await simulator.deliveries();
      const samples = deliveries.filter((_, index) => index % 400 === 0);
      for (const { id } of samples) {
        const [one, two] = await Promise.all([
          simulator.delivery(id),
          other.delivery(id),
        ]);
        expect(two.body).toBe(one.body);
      }
    } finally {
      await other.stop();
    }
  });

  it('is a month, and no flood', async () => {
    const deliveries = await simulator.deliveries();

    expect(deliveries.length).toBeLessThanOrEqual(6_000);
    expect(deliveries[0].deliveredAt < '2026-10-24').toBe(true);
  });

  it('has failures, a cancelled run and a re-run that succeeded', async () => {
    const all = await runs(VVP);

    const outcomes = new Set(all.map(run => run.conclusion));
    expect(outcomes).toContain('failure');
    expect(outcomes).toContain('cancelled');
    expect(
      all.some(run => run.run_attempt === 2 && run.conclusion === 'success'),
    ).toBe(true);
    expect(all.some(run => run.name === 'Integration Tests')).toBe(true);
  });

  it('deployed the verifier a few hours ago, and holds what came after', async () => {
    const commits = await simulator.rest(
      'GET',
      `/repos/${VVP}/commits?path=services/verifier&per_page=2`,
    );
    const changes = commits.json<Array<{ sha: string }>>();
    const [newest, before] = await Promise.all(
      changes.map(async ({ sha }) => {
        const answer = await simulator.rest(
          'GET',
          `/repos/${VVP}/actions/runs?head_sha=${sha}`,
        );
        return answer.json<{ workflow_runs: Run[] }>().workflow_runs[0];
      }),
    );

    expect(before.conclusion).toBe('success');
    expect(before.created_at > '2026-11-20T10:00:00Z').toBe(true);
    expect(newest).toMatchObject({ status: 'waiting', conclusion: null });
  });

  it('holds a release that changes deploy.yaml, and nothing but what it sets', async () => {
    const commits = await simulator.rest(
      'GET',
      `/repos/${VVP}/commits?path=deploy.yaml`,
    );
    const [{ sha, parents }] =
      commits.json<Array<{ sha: string; parents: { sha: string }[] }>>();
    const specAt = async (ref: string) => {
      const answer = await simulator.rest(
        'GET',
        `/repos/${VVP}/contents/deploy.yaml?ref=${ref}`,
      );
      const { content } = answer.json<{ content: string }>();
      const { spec } = parse(Buffer.from(content, 'base64').toString());
      return spec.services;
    };

    const [before, after] = await Promise.all([
      specAt(parents[0].sha),
      specAt(sha),
    ]);

    const { deploy, target } = after.verifier.environments.production;
    expect(deploy.environment.VVP_DOSSIER_WAIT_SECONDS).toBe('20');
    expect(target.maxReplicas).toBe(3);
    expect({ ...after, verifier: before.verifier }).toEqual(before);
  });

  it('ends with a deployment under way', async () => {
    const [newest] = await runs(VVP);
    const jobs = await simulator.rest(
      'GET',
      `/repos/${VVP}/actions/runs/${newest.id}/jobs`,
    );

    const deploy = jobs
      .json<{
        jobs: { name: string; started_at: string; completed_at: string }[];
      }>()
      .jobs.find(({ name }) => name === 'deploy-issuer');

    expect(deploy && deploy.started_at < ANCHOR).toBe(true);
    expect(deploy && deploy.completed_at > ANCHOR).toBe(true);
  });

  it('leaves a production deployment waiting for approval', async () => {
    const [newest] = await runs('example-org/phoenix-orchestrator');

    expect(newest).toMatchObject({ status: 'waiting', conclusion: null });
  });
});
