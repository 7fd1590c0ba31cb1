import { JsonObject } from '@backstage/types';
import { StepControl, StepResult } from '@vvp/backstage-plugin-deploy-node';
import { ContainerAppApi } from '../ContainerAppApi';

/** What a step works with. */
export interface StepContext {
  api: ContainerAppApi;
  input: JsonObject;
  control: StepControl;
  memory: StepMemory;
  pollIntervalMs: number;
}

/** One kind of step. */
export interface StepKind {
  execute(context: StepContext): Promise<StepResult>;
  compensate?(context: StepContext): Promise<void>;
}

/** What a step remembers, in this process and for the next. */
export class StepMemory {
  readonly #control: StepControl;
  #values: JsonObject;

  constructor(control: StepControl) {
    this.#control = control;
    this.#values = { ...control.memory };
  }

  get values(): Readonly<JsonObject> {
    return this.#values;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    return typeof value === 'string' ? value : undefined;
  }

  number(name: string): number | undefined {
    const value = this.#values[name];
    return typeof value === 'number' ? value : undefined;
  }

  texts(name: string): string[] {
    const value = this.#values[name];
    return Array.isArray(value)
      ? value.filter((item): item is string => typeof item === 'string')
      : [];
  }

  /** Stores before it returns. */
  async add(values: JsonObject): Promise<void> {
    this.#values = { ...this.#values, ...values };
    await this.#control.remember(this.#values);
  }
}
