import { JsonObject, JsonValue } from '@backstage/types';
import { StepControl } from '@vvp/backstage-plugin-deploy-node';

/** What a step remembers, in parts that do not overwrite each other. */
export class StepMemory {
  readonly #control: StepControl;
  #parts: JsonObject;

  constructor(control: StepControl) {
    this.#control = control;
    this.#parts = control.memory;
  }

  get<T extends JsonObject>(part: string): Partial<T> {
    const value = this.#parts[part];
    return (
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? value
        : {}
    ) as Partial<T>;
  }

  has(part: string): boolean {
    return Object.hasOwn(this.#parts, part);
  }

  /** Stores before it returns. */
  async put(part: string, value: JsonValue): Promise<void> {
    this.#parts = { ...this.#parts, [part]: value };
    await this.#control.remember(this.#parts);
  }
}
