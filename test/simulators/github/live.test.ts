import { startGithubSimulator, type GithubSimulator } from './client';
import {
  conclusions,
  expectNoViolations,
  RELEASE,
  REPOSITORIES,
  TOKEN,
  TOKENS,
} from './testing';

jest.setTimeout(240_000);

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
    let run = await simulator.run(RELEASE, id);
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
    const { created_at: begin, updated_at: end } = detail.json<{
      created_at: string;
      updated_at: string;
    }>();
    // A job waits for its runner; nothing is played ahead of time.
    expect(Date.parse(end)).toBeGreaterThan(Date.parse(begin));
    expect(Date.parse(end)).toBeGreaterThanOrEqual(before - 1_000);
    expect(Date.parse(end)).toBeLessThanOrEqual(Date.now());
  });
});
