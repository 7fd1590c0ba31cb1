import { maybeStarted, StartUnderWay, startsOf } from './dispatchOf';

const sought = { since: '2026-01-05T12:00:00.000Z', known: [7] };
const start: StartUnderWay = { workflow: 'release.yml', sought };
const run = {
  event: 'workflow_dispatch',
  createdAt: '2026-01-05T12:00:10.000Z',
  workflowPath: '.github/workflows/release.yml',
};

describe('maybeStarted', () => {
  it.each<[string, string, Partial<typeof run> | undefined, StartUnderWay]>([
    ['a fresh run of the workflow', '8', run, start],
    ['a run of which nothing is known yet', '8', undefined, start],
    ['a run whose file is not known', '8', { workflowPath: undefined }, start],
    ['any workflow, where none is named', '8', run, { sought }],
    ['the run that GitHub named', '8', run, { ...start, runId: 8 }],
  ])('takes %s for one', (_, runId, more, under) => {
    expect(maybeStarted(runId, more && { ...run, ...more }, under)).toBe(true);
  });

  it.each<[string, string, Partial<typeof run>, StartUnderWay]>([
    ['one that was there before', '7', {}, start],
    ['an older one', '8', { createdAt: '2026-01-05T11:59:59.000Z' }, start],
    ['a push', '8', { event: 'push' }, start],
    [
      'another workflow',
      '8',
      { workflowPath: '.github/workflows/other.yml' },
      start,
    ],
    ['another one than GitHub named', '9', {}, { ...start, runId: 8 }],
    ['any before GitHub is asked', '8', {}, {}],
  ])('takes %s for none', (_, runId, more, under) => {
    expect(maybeStarted(runId, { ...run, ...more }, under)).toBe(false);
  });
});

describe('startsOf', () => {
  const call = { workflow: 'release.yml', releaseInput: 'commit' };
  const starts = (input: object, name = 'deploy') =>
    startsOf({
      name,
      input: JSON.stringify(input),
      memory: JSON.stringify({ run: { sought, runId: 8 }, 'run-done': true }),
    });

  it.each<[string, object]>([
    ['a commit', { ...call, commit: 'a' }],
    ['a release that a target puts back', { ...call, release: {} }],
  ])('tells the start of a run that is told %s', (_, input) => {
    expect(starts(input)).toEqual([{ ...start, runId: 8 }]);
  });

  it.each<[string, object, string]>([
    ['a smoke test', { ...call, commit: 'a' }, 'smoke-test'],
    ['integration tests', { ...call, commit: 'a' }, 'integration-tests'],
    ['a run that is told no commit', call, 'deploy'],
    [
      'a workflow that takes no release',
      { ...call, releaseInput: '', release: {} },
      'run-workflow',
    ],
  ])('tells nothing of %s, which is never noted', (_, input, name) => {
    expect(starts(input, name)).toEqual([]);
  });
});
