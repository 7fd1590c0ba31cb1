import type { RestFault } from '../../client/types';

export type { RestFault } from '../../client/types';

/** Answers that a test wants instead of the right ones, by operation. */
export class RestFaults {
  readonly #planned = new Map<string, RestFault>();

  set(operationId: string, fault: RestFault): void {
    this.#planned.set(operationId, { times: 1, after: 0, ...fault });
  }

  /** The fault that a call of this operation meets, if any; it is used up by that. */
  next(operationId: string): RestFault | undefined {
    const fault = this.#planned.get(operationId);
    if (!fault) return undefined;
    const { times = 1, after = 0 } = fault;
    if (after > 0) {
      this.#planned.set(operationId, { ...fault, after: after - 1 });
      return undefined;
    }
    if (times > 1) {
      this.#planned.set(operationId, { ...fault, times: times - 1 });
    } else this.#planned.delete(operationId);
    return fault;
  }
}
