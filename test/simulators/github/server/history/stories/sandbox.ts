import { DAY, HOUR, MINUTE } from '../../state/time';
import { workingDays, workingTimes } from '../calendar';
import { SeededRandom } from '../random';
import type { Story, StoryEntry } from '../story';

const MESSAGES = [
  'Broker: expire sandboxes that nobody claimed',
  'Broker: answer 409 for a sandbox in use',
  'Broker: count allocations by customer',
  'Broker: shorter lock on allocation',
];

function dispatch(
  at: number,
  confirm: string,
  conclusion?: 'failure',
): StoryEntry {
  return {
    kind: 'start',
    at,
    author: 'omar',
    workflow: 'deploy.yml',
    event: 'workflow_dispatch',
    inputs: { confirm },
    outcomes: conclusion ? { 'deploy*': { conclusion } } : {},
  };
}

/** Sandbox broker: checks on pull requests, deployments by hand only. */
export function sandboxStory(anchor: number): Story {
  const random = new SeededRandom('sandbox-broker');
  const entries: StoryEntry[] = [];
  workingDays(anchor).forEach((day, index) => {
    if (index % 4 !== 0) return;
    for (const at of workingTimes(random, day, 1)) {
      entries.push({
        kind: 'push',
        at,
        author: random.pick(['omar', 'yusuf']),
        message: random.pick(MESSAGES),
        areas: ['src', 'app', 'api'],
        byPullRequest: true,
      });
    }
  });
  entries.push(
    dispatch(anchor - 20 * DAY - HOUR, 'DEPLOY'),
    // Without the exact word nothing is deployed.
    dispatch(anchor - 13 * DAY - 3 * HOUR, 'not yet'),
    dispatch(anchor - 13 * DAY - 2 * HOUR - 55 * MINUTE, 'DEPLOY'),
    dispatch(anchor - 5 * DAY - 4 * HOUR, 'DEPLOY', 'failure'),
    dispatch(anchor - 5 * DAY - 3 * HOUR, 'DEPLOY'),
  );
  return { repository: 'sandbox-broker', entries };
}
