import { at, jobFact, runFact } from '../__testUtils__/facts';
import { absorb, emptyTrace, Trace } from '../fold/trace';
import { isBehind } from './missingRuns';

const listed = {
  id: 100,
  run_attempt: 1,
  status: 'completed',
  updated_at: at(600),
};

const running = {
  status: 'in_progress' as const,
  conclusion: undefined,
  updatedAt: at(100),
};

function trace(...facts: Parameters<typeof absorb>[1][]): Trace {
  return facts.reduce(absorb, emptyTrace);
}

describe('isBehind', () => {
  it.each([
    ['is not known', undefined, listed, true],
    ['is known to its end', trace(runFact(), jobFact()), listed, false],
    ['is known without jobs', trace(runFact()), listed, true],
    [
      'has a job that never ended',
      trace(runFact(), jobFact({ status: 'in_progress' })),
      listed,
      true,
    ],
    ['has ended since', trace(runFact(running), jobFact()), listed, true],
    [
      'has gone on since',
      trace(runFact(running)),
      { ...listed, status: 'in_progress', updated_at: at(200) },
      true,
    ],
    [
      'stands where it stood',
      trace(runFact(running)),
      { ...listed, status: 'in_progress', updated_at: at(100) },
      false,
    ],
    [
      'was run again',
      trace(runFact(), jobFact()),
      { ...listed, run_attempt: 2 },
      true,
    ],
  ])('when a run %s', (_case, known, run, expected) => {
    expect(isBehind(run, known)).toBe(expected);
  });
});
