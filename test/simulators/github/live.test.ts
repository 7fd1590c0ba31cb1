import { startGithubSimulator, type GithubSimulator } from './client';
import {
  conclusions,
  expectNoViolations,
  RELEASE,
  REPOSITORIES,
  TOKEN,
  TOKENS,
} from './testing';

jest.setTimeout(60_000);

describe('the simulator by the real clock', () => {
  let simulator: GithubSimulator;

  beforeAll(async () => {
    simulator = await startGithubSimulator({
      examples: REPOSITORIES,
      tokens: TOKENS,
      live: true,
    });
    await simulator.setOutcomes(RELEASE, {
      plan: { durationSeconds: 0, outputs: { services: '["api"]' } },
      '*': { durationSeconds: 0 },
    });
  });

  afterAll(async () => {
    await expectNoViolations(simulator, 'live');
    await simulator.stop();
  });

  it('plays a dispatched run while time goes by', async () => {
    const before = Date.now();
    const answer = await simulator.rest(
      'POST',
      `/repos/${RELEASE}/actions/workflows/deploy-tag.yml/dispatches`,
      {
        token: TOKEN,
        body: {
          ref: 'main',
          inputs: { target: 'blue' },
          return_run_details: true,
        },
      },
    );
    const { workflow_run_id: id } = answer.json<{ workflow_run_id: number }>();
    const first = await simulator.run(RELEASE, id);
    expect(first.attempts[0].status).toBe('queued');

    let run = first;
    while (run.attempts[0].status !== 'completed') {
      await new Promise(resolve => setTimeout(resolve, 50));
      run = await simulator.run(RELEASE, id);
    }

    expect(conclusions(run)).toEqual({
      plan: 'success',
      'Deploy api': 'success',
    });
    const detail = await simulator.rest(
      'GET',
      `/repos/${RELEASE}/actions/runs/${id}`,
    );
    const { updated_at: end } = detail.json<{ updated_at: string }>();
    expect(Date.parse(end)).toBeGreaterThanOrEqual(before - 1_000);
    expect(Date.parse(end)).toBeLessThanOrEqual(Date.now());
  });
});
