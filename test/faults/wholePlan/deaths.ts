import type { Death } from '../engineProcess';

/** A request that changes something at GitHub is about to be sent. */
export const ASKS = 'undici:request:create POST';
/** It was done. */
export const ANSWERED = 'undici:request:trailers POST';
/** The transaction that stores how a step ended is open. */
const STORING = 'after update operation_steps';

/** What happens in a step, or the so-manieth time that it does. */
export type Moment = string | [moment: string, nth: number];

/** When processes die, by the step that they are in: before, during and after what it does and stores. */
export const everywhere: Record<string, Moment[]> = {
  asking: [
    'asking: after insert operations',
    'asked',
    'asked: after update operations',
  ],
  'stop-runs': [
    'before stop-runs',
    `before stop-runs: ${ASKS}`,
    `before stop-runs: ${ANSWERED}`,
    `after stop-runs: ${STORING}`,
  ],
  switch: [['before switch: log in switch', 2]],
  'stop-late-runs': [`before stop-late-runs: ${ANSWERED}`],
  confirm: ['before confirm', 'after confirm'],
  'smoke-test': [
    `before smoke-test: ${STORING}`,
    `before smoke-test: ${ASKS}`,
    `before smoke-test: ${ANSWERED}`,
    ['before smoke-test: remembered in smoke-test', 2],
    'before smoke-test: waiting in smoke-test',
    `after smoke-test: ${STORING}`,
  ],
  'stop-latest-runs': [`before stop-latest-runs: ${ANSWERED}`],
  'confirm-again': [
    'before confirm-again: remembered in confirm-again',
    ['before confirm-again: log in confirm-again', 4],
    'after confirm-again',
  ],
  'quarantine-release': [
    'before quarantine-release',
    'before quarantine-release: after audit quarantine-set initiated',
    'before quarantine-release: after insert quarantines',
    'before quarantine-release: after audit quarantine-set succeeded',
    `after quarantine-release: ${STORING}`,
  ],
  'set-hold': [
    'before set-hold: after audit hold-set initiated',
    'before set-hold: after insert holds',
    'before set-hold: after audit hold-set succeeded',
  ],
  end: [
    'after set-hold: after insert deployments',
    'after set-hold: after update environments',
  ],
};

/** As a process is told. */
export function dieAt(moment: Moment): Required<Death> {
  const [name, nth] = typeof moment === 'string' ? [moment, 1] : moment;
  return { name, nth };
}

/** Whether something is or was just stored, which each database does in its own way. */
export function isStoring(moment: Moment): boolean {
  return /after (insert|update)/.test(dieAt(moment).name);
}
