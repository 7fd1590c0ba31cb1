import type { Outcomes } from '../../../client/types';
import { DAY, HOUR, MINUTE } from '../../state/time';
import { workingDays, workingTimes } from '../calendar';
import { SeededRandom } from '../random';
import type { Story, StoryEntry } from '../story';

const SERVICES = [
  'orchestrator-service-rs',
  'data-router-rs',
  'llm-service-rs',
  'tools-service-rs',
  'frontend',
];

const MESSAGES = [
  'bound the retry queue',
  'trace every tool call',
  'fewer allocations in the hot path',
  'refuse an oversized prompt early',
  'keep the session over a reconnect',
  'update dependencies',
];

const AUTHORS = ['omar', 'lena', 'omar', 'yusuf'];

/** Every few days develop goes to staging, and from there a tag to production. */
const RELEASES = [
  { tag: 'v1.4.1', daysAgo: 19 },
  { tag: 'v1.5.0', daysAgo: 11 },
  { tag: 'v1.5.1', daysAgo: 4 },
];

/** Phoenix: develop, staging, and version tags to production with approval. */
export function phoenixStory(anchor: number): Story {
  const random = new SeededRandom('phoenix-orchestrator');
  const entries: StoryEntry[] = [];
  workingDays(anchor).forEach((day, index) => {
    if (index % 4 !== 0) return;
    for (const at of workingTimes(random, day, 1)) {
      const service = random.pick(SERVICES);
      entries.push({
        kind: 'push',
        at,
        author: random.pick(AUTHORS),
        message: `${service}: ${random.pick(MESSAGES)}`,
        areas: [service],
        branch: 'develop',
      });
    }
  });
  for (const { tag, daysAgo } of RELEASES) {
    entries.push(...release(anchor - daysAgo * DAY - 2 * HOUR, tag));
  }
  // The newest one waits for its approval, and has an alert besides.
  const alert = { codeql: { conclusion: 'failure' as const } };
  entries.push(...release(anchor - 4 * HOUR, 'v1.6.0', alert));
  return {
    repository: 'phoenix-orchestrator',
    branches: ['develop', 'staging'],
    environments: Object.fromEntries(
      SERVICES.map(service => [`production-${service}`, { customRule: true }]),
    ),
    entries,
  };
}

/** A version of all services: what is deployed to staging is what changed, so that all of them do. */
function release(at: number, tag: string, alert: Outcomes = {}): StoryEntry[] {
  return [
    {
      kind: 'push',
      at: at - HOUR,
      author: 'lena',
      message: `release ${tag}`,
      areas: ['Cargo.toml', 'frontend'],
      branch: 'develop',
    },
    { kind: 'forward', at, author: 'omar', from: 'develop', to: 'staging' },
    {
      kind: 'forward',
      at: at + 2 * HOUR,
      author: 'omar',
      from: 'staging',
      to: 'main',
    },
    {
      kind: 'start',
      at: at + 2 * HOUR + 10 * MINUTE,
      author: 'omar',
      workflow: 'security-scan.yml',
      event: 'workflow_dispatch',
      outcomes: alert,
    },
    { kind: 'tag', at: at + 3 * HOUR + 20 * MINUTE, author: 'omar', tag },
  ];
}
