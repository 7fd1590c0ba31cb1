import { lastRan, RunFacts } from './lastRan';

const [A, B, C] = ['a', 'b', 'c'].map(letter => letter.repeat(40));
const at = (day: number) => `2026-01-${String(day).padStart(2, '0')}T12:00:00Z`;
const now = new Date('2026-03-01T12:00:00.000Z');
const deployed = (commit: string, day: number, source = `run:${day}`) => ({
  commit,
  finishedAt: at(day),
  source,
});
const operation = (
  from: string,
  to: RunFacts['operations'][number]['to'],
  day: number,
) => ({
  id: `o${day}`,
  from: { revision: from },
  to,
  startedAt: at(day),
  finishedAt: at(day + 1),
});
const revision = { id: 'app--1', commit: A.slice(0, 7), current: false };

function ask(facts: Partial<RunFacts>): string | undefined {
  return lastRan({ revision, deployments: [], operations: [], now, ...facts });
}

describe('lastRan', () => {
  it.each<[string, Partial<RunFacts>, string | undefined]>([
    [
      'what replaced it finished',
      { deployments: [deployed(C, 9), deployed(B, 5), deployed(A, 1)] },
      at(5),
    ],
    [
      'what replaced it the last time finished',
      {
        deployments: [
          deployed(A, 1),
          deployed(B, 2),
          deployed(A, 3),
          deployed(A, 4),
          deployed(B, 8),
        ],
      },
      at(8),
    ],
    [
      'the next of the same moment finished',
      { deployments: [deployed(A, 1, 'run:1'), deployed(B, 1, 'run:2')] },
      at(1),
    ],
    [
      'now, if nothing is known to have replaced it',
      { deployments: [deployed(B, 1), deployed(A, 2)] },
      now.toISOString(),
    ],
    [
      'now, if it serves',
      { revision: { ...revision, current: true } },
      now.toISOString(),
    ],
    [
      'an operation replaced it',
      {
        deployments: [deployed(A, 1)],
        operations: [operation('x', { revision: 'app--0' }, 6)],
      },
      at(7),
    ],
    [
      'an operation took out a revision that nobody had told of',
      { operations: [operation('app--1', { revision: 'app--0' }, 6)] },
      at(6),
    ],
    [
      'what replaced it after an operation brought it back',
      {
        revision: { id: 'app--1', current: false },
        deployments: [
          deployed(B, 1),
          deployed(A, 7, 'operation:o6'),
          deployed(C, 9),
        ],
        operations: [operation('x', { revision: 'app--1', commit: A }, 6)],
      },
      at(9),
    ],
    [
      'never, if nothing is known of it',
      { deployments: [deployed(B, 1)] },
      undefined,
    ],
    [
      'never, if it cannot be told which it is',
      {
        revision: { id: 'app--1', current: false },
        deployments: [deployed(A, 1)],
      },
      undefined,
    ],
  ])('is when %s', (_, facts, expected) => {
    expect(ask(facts)).toBe(expected);
  });
});
