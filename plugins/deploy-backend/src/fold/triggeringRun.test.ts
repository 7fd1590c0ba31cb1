import { at, runFact } from '../__testUtils__/facts';
import { findTriggeringRun } from './triggeringRun';

const child = runFact({
  runId: '500',
  workflowName: 'CD',
  event: 'workflow_run',
  createdAt: at(1_000),
});

const ci = (overrides: Parameters<typeof runFact>[0]) =>
  runFact({ workflowName: 'CI', updatedAt: at(998), ...overrides });

describe('findTriggeringRun', () => {
  it.each([
    ['completed just before', ci({ runId: '1' }), true],
    ['within the second', ci({ runId: '1', updatedAt: at(1_001) }), true],
    ['completed later', ci({ runId: '1', updatedAt: at(1_030) }), false],
    ['long before', ci({ runId: '1', updatedAt: at(0) }), false],
    ['still running', ci({ runId: '1', status: 'in_progress' }), false],
    ['of the same workflow', ci({ runId: '1', workflowName: 'CD' }), false],
    ['of another repository', ci({ repository: 'someone/else' }), false],
  ])('takes a run that was %s: %#', (_case, candidate, found) => {
    expect(findTriggeringRun(child, [candidate])).toBe(
      found ? candidate : undefined,
    );
  });

  it('prefers the same commit to a later completion', () => {
    const same = ci({ runId: '1', updatedAt: at(900) });
    const later = ci({ runId: '2', commit: 'f'.repeat(40) });

    expect(findTriggeringRun(child, [later, same])).toBe(same);
  });

  it('looks for none unless the run says that it was started so', () => {
    expect(findTriggeringRun({ ...child, event: 'push' }, [ci({})])).toBe(
      undefined,
    );
  });
});
