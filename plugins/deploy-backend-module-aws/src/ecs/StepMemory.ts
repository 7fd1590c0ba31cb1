import { JsonObject } from '@backstage/types';
import { StepControl } from '@vvp/backstage-plugin-deploy-node';

/** What a step remembers, kept apart for doing and for undoing it. */
export class StepMemory {
  readonly #control: StepControl;
  readonly #part: 'do' | 'undo';
  #all: JsonObject;

  constructor(control: StepControl, part: 'do' | 'undo') {
    this.#control = control;
    this.#part = part;
    this.#all = { ...control.memory };
  }

  text(key: string): string | undefined {
    const value = this.#own()[key];
    return typeof value === 'string' ? value : undefined;
  }

  /** 0 if there is none. */
  number(key: string): number {
    const value = this.#own()[key];
    return typeof value === 'number' ? value : 0;
  }

  /** Stores before it returns. */
  async set(values: JsonObject): Promise<void> {
    this.#all = {
      ...this.#all,
      [this.#part]: { ...this.#own(), ...values },
    };
    await this.#control.remember(this.#all);
  }

  #own(): JsonObject {
    const own = this.#all[this.#part];
    return typeof own === 'object' && own !== null && !Array.isArray(own)
      ? own
      : {};
  }
}
