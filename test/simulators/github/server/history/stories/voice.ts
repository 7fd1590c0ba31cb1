import { DAY, HOUR } from '../../state/time';
import { nights, workingDays, workingTimes } from '../calendar';
import { SeededRandom } from '../random';
import type { Story, StoryEntry } from '../story';

const AUTHORS = ['mei', 'jonas', 'mei'];

/** How many of the last nights the daily checks ran in: reports that are older say nothing new. */
const CHECKED_NIGHTS = 7;

/** Edenco: one workflow; feature branches stop at staging, main goes on. */
export function edencoStory(anchor: number): Story {
  const random = new SeededRandom('edenco');
  const entries: StoryEntry[] = [];
  workingDays(anchor).forEach((day, index) => {
    if (index % 3 !== 0) return;
    for (const at of workingTimes(random, day, 1)) {
      const side = random.pick(['backend', 'frontend']);
      entries.push({
        kind: 'push',
        at,
        author: random.pick(AUTHORS),
        message: `${side}: ${random.pick([
          'show opening hours per branch',
          'faster search',
          'fix the total of an order',
        ])}`,
        areas: [side],
        outcomes: index === 6 ? { e2e: { conclusion: 'failure' } } : {},
      });
    }
  });
  entries.push({
    kind: 'push',
    at: anchor - 2 * DAY - 3 * HOUR,
    author: 'jonas',
    message: 'frontend: try the new checkout',
    areas: ['frontend'],
    branch: 'feature/checkout',
  });
  return { repository: 'edenco', entries };
}

/** NGX voice agent: CI, then CD by `workflow_run`, and daily checks. */
export function voiceStory(anchor: number): Story {
  const random = new SeededRandom('ngx-voice');
  const entries: StoryEntry[] = [];
  workingDays(anchor).forEach((day, index) => {
    if (index % 3 !== 1) return;
    for (const at of workingTimes(random, day, 1)) {
      entries.push({
        kind: 'push',
        at,
        author: random.pick(AUTHORS),
        message: random.pick([
          'Agent: ask again when the line drops',
          'Agent: score a lead in one call',
          'Agent: shorter greeting',
        ]),
        areas: ['src'],
        byPullRequest: random.chance(0.5),
        outcomes:
          index === 7 ? { 'ci.yml/unit': { conclusion: 'failure' } } : {},
      });
    }
  });
  nights(anchor)
    .slice(-CHECKED_NIGHTS)
    .forEach(day => {
      entries.push({
        kind: 'start',
        at: day + 2 * HOUR + random.whole(30, 200) * 1000,
        author: 'mei',
        workflow: 'daily-checks.yml',
        event: 'schedule',
      });
    });
  return {
    repository: 'ngx-voice',
    environments: { production: { reviewers: ['omar'] } },
    entries,
  };
}
