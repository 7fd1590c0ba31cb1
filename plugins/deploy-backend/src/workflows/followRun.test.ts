import { StepControl, TargetError } from '@vvp/backstage-plugin-deploy-node';
import { followRun } from './followRun';
import { WorkflowApi } from './WorkflowApi';

const page = 'https://github.example.test/runs/12';

/** A run of one job, of which the time is up at the first wait. */
async function followed(status: string): Promise<TargetError> {
  const api = {
    runUnless: async () => ({
      value: { id: 12, status: 'waiting', html_url: page },
    }),
    jobsUnless: async () => ({
      value: [{ id: 1, name: 'deploy-production', status }],
    }),
    waitsFor: async () => ['production'],
  } as unknown as WorkflowApi;
  const control = {
    log: () => {},
    wait: async () => {
      throw new TargetError('transient', 'The time limit of the step ran out.');
    },
  } as unknown as StepControl;
  return followRun(api, 12, control).then(
    () => {
      throw new Error('It ended');
    },
    error => error,
  );
}

describe('followRun', () => {
  it('says what a run waited for to the end, and what to do', async () => {
    const error = await followed('waiting');

    expect(error.kind).toBe('transient');
    expect(error.message).toBe(
      `The run 12 waited for a go-ahead of production to the end: ${page}`,
    );
    expect(error.remedy).toContain('Required reviewers');
  });

  it('says nothing of the kind of one that works', async () => {
    const error = await followed('in_progress');

    expect(error.message).toBe('The time limit of the step ran out.');
  });
});
