import { needsAdmission } from './needsAdmission';
import { OperationState, StepState } from './state';

const parked = {
  message: 'There is no client secret.',
  since: '2026-01-05T12:00:00.000Z',
  at: '2026-01-05T12:00:00.000Z',
};

function step(
  status: StepState['status'],
  rest: Partial<StepState['plan']> & { memory?: StepState['memory'] } = {},
): StepState {
  const { memory = {}, ...plan } = rest;
  return {
    plan: {
      runner: 'target',
      name: 'shift',
      title: 'Shift',
      input: {},
      compensates: true,
      ...plan,
    },
    status,
    attempts: status === 'pending' ? 0 : 1,
    compensationAttempts: 0,
    memory,
  };
}

function state(
  steps: StepState[],
  rest: Partial<OperationState> = {},
): OperationState {
  return {
    status: 'running',
    phase: 'forward',
    dueAt: parked.at,
    steps,
    ...rest,
  };
}

const looking = { runner: 'verification', compensates: false };
const waiting = { compensates: false };

describe('needsAdmission', () => {
  it.each<[string, boolean, OperationState]>([
    ['before the first step', true, state([step('pending'), step('pending')])],
    ['without any step', true, state([])],
    [
      'before the first step of one that is cancelled',
      false,
      state([step('pending')], {
        cancelRequested: { by: 'user:default/erin', at: parked.at },
      }),
    ],
    ['in the middle', false, state([step('succeeded'), step('pending')])],
    [
      'between two attempts at the first step',
      false,
      state([step('running'), step('pending')]),
    ],
    [
      'parked at the first step that changes something',
      true,
      state([step('running'), step('pending')], { parked }),
    ],
    [
      'parked at it, after what changes nothing',
      true,
      state([step('succeeded', looking), step('running')], { parked }),
    ],
    [
      'parked at it, after what was there already',
      true,
      state([step('skipped'), step('running')], { parked }),
    ],
    [
      'parked at a step that remembers something',
      false,
      state([step('running', { memory: { before: '6' } })], { parked }),
    ],
    [
      'parked after a change',
      false,
      state([step('succeeded'), step('running')], { parked }),
    ],
    [
      'parked after a change that cannot be undone',
      false,
      state([step('succeeded', waiting), step('running', looking)], { parked }),
    ],
    [
      'parked after a run that can be undone',
      false,
      state(
        [step('succeeded', { runner: 'workflows' }), step('running', looking)],
        { parked },
      ),
    ],
    [
      'parked, and being tried again',
      false,
      state([step('running')], { parked: { ...parked, resumedAt: parked.at } }),
    ],
    [
      'parked while it is undone',
      false,
      state([step('running')], { parked, phase: 'compensating' }),
    ],
    [
      'parked, and cancelled',
      false,
      state([step('running')], {
        parked,
        cancelRequested: { by: 'user:default/erin', at: parked.at },
      }),
    ],
  ])('%s: %s', (_case, expected, given) => {
    expect(needsAdmission(given)).toBe(expected);
  });
});
