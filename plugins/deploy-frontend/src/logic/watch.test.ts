import { DeploymentWatch } from '@vvp/backstage-plugin-deploy-common';
import { watchText } from './watch';

const watch = (part: Partial<DeploymentWatch>): DeploymentWatch => ({
  state: 'watching',
  startedAt: '2026-01-05T12:00:00.000Z',
  looks: { done: 3, healthy: 2 },
  ...part,
});

describe('watchText', () => {
  it.each<[Partial<DeploymentWatch>, object]>([
    [
      { looks: { done: 3, healthy: 2, planned: 12 } },
      {
        tone: 'progress',
        title: 'Watched',
        text: '2 of 3 looks healthy, 9 to go',
      },
    ],
    [
      { looks: { done: 1, healthy: 1, planned: 1 } },
      { text: '1 of 1 look healthy, 0 to go' },
    ],
    [
      { state: 'healthy' },
      {
        tone: 'success',
        title: 'Watched, and proved good',
        text: '2 of 3 looks healthy',
      },
    ],
    [
      { state: 'rolled-back', note: 'Crash.', operationStatus: 'running' },
      {
        tone: 'progress',
        title: 'Being rolled back automatically',
        text: 'Crash.',
      },
    ],
    [
      { state: 'rolled-back', note: 'Crash.', operationStatus: 'succeeded' },
      { tone: 'attention', title: 'Rolled back automatically' },
    ],
    [
      { state: 'rolled-back', note: 'Crash.' },
      { tone: 'attention', title: 'Rolled back automatically' },
    ],
    [
      { state: 'rolled-back', note: 'Crash.', operationStatus: 'failed' },
      { tone: 'error', title: 'The automatic rollback did not succeed' },
    ],
    [
      { state: 'kept-out', operationStatus: 'queued' },
      { title: 'Never came to serve, and is being kept out' },
    ],
    [
      { state: 'kept-out', operationStatus: 'succeeded' },
      { tone: 'attention', title: 'Never came to serve, and is kept out' },
    ],
    [
      { state: 'kept-out', operationStatus: 'cancelled' },
      {
        tone: 'error',
        title: 'Never came to serve, and could not be kept out',
      },
    ],
    [
      { state: 'not-possible', note: 'It stays.' },
      {
        tone: 'error',
        title: 'Could not be rolled back automatically',
        text: 'It stays.',
      },
    ],
    [{ state: 'unjudged' }, { tone: 'attention' }],
    [{ state: 'replaced' }, { tone: 'neutral', title: 'No longer watched' }],
  ])('says of %j', (part, expected) => {
    expect(watchText(watch(part))).toMatchObject(expected);
  });
});
