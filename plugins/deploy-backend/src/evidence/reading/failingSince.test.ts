import { FirstFailure, followBack } from './failingSince';

/** Outcomes of one test, newest first; the newest is the report that is looked at. */
function since(outcomes: string[]): FirstFailure | undefined {
  const reports = outcomes.map((outcome, index) => ({
    measuredAt: `time ${index}`,
    commit: `commit ${index}`,
    outcomes: new Map(outcome === 'passed' ? [] : [['test', outcome]]),
  }));
  const first = new Map<string, FirstFailure>([
    ['test', { measuredAt: 'time 0', commit: 'commit 0' }],
  ]);
  const open = new Set(['test']);
  reports.slice(1).forEach(report => followBack(first, open, report));
  return first.get('test');
}

describe('followBack', () => {
  it.each([
    ['only in this report', ['failed'], 0],
    ['after it passed', ['failed', 'passed', 'failed'], 0],
    ['in a row', ['failed', 'failed', 'failed', 'passed', 'failed'], 2],
    ['since before it was skipped', ['failed', 'skipped', 'failed'], 2],
    ['since after it was skipped', ['failed', 'skipped', 'passed'], 0],
  ])('finds since when a test fails: %s', (_case, outcomes, index) => {
    expect(since(outcomes)).toEqual({
      measuredAt: `time ${index}`,
      commit: `commit ${index}`,
    });
  });
});
