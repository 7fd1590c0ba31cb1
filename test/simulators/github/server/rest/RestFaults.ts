import type { RestFault } from '../../client/types';

export type { RestFault } from '../../client/types';

/** Answers that a test wants instead of the right ones, by operation. */
export class RestFaults {
  readonly #planned = new Map<string, RestFault>();

  /** @param name - an operation, `changes` for everything but reading, or `*` for all */
  set(name: string, fault: RestFault): void {
    this.#planned.set(name, { times: 1, after: 0, ...fault });
  }

  clear(): void {
    this.#planned.clear();
  }

  /** The fault that a call of this operation meets, if any; it is used up by that. */
  next(operationId: string, method: string): RestFault | undefined {
    const names = [operationId, ...(method === 'GET' ? [] : ['changes']), '*'];
    const name = names.find(one => this.#planned.has(one));
    const fault = name && this.#planned.get(name);
    if (!name || !fault) return undefined;
    const { times = 1, after = 0 } = fault;
    if (after > 0) {
      this.#planned.set(name, { ...fault, after: after - 1 });
      return undefined;
    }
    if (times > 1) {
      this.#planned.set(name, { ...fault, times: times - 1 });
    } else this.#planned.delete(name);
    return fault;
  }
}
