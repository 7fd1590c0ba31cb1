import { OperationState, StepState } from '../state';

export const NOON = Date.UTC(2026, 0, 5, 12);

/**
 * An operation that begins at noon.
 *
 * @param compensates - of each step, whether it can be undone
 * @param keeping - how many steps come after the proof
 */
export function stateOf(
  compensates: readonly boolean[],
  keeping = 0,
): OperationState {
  return {
    status: 'running',
    phase: 'forward',
    dueAt: new Date(NOON).toISOString(),
    steps: [...compensates, ...Array<boolean>(keeping).fill(false)].map(
      (undone, index): StepState => ({
        plan: {
          runner: index < compensates.length ? 'target' : 'restrictions',
          name: `step-${index}`,
          title: `Step ${index}`,
          input: {},
          compensates: undone,
          timeoutSeconds: 60,
        },
        status: 'pending',
        attempts: 0,
        compensationAttempts: 0,
        memory: {},
      }),
    ),
  };
}
