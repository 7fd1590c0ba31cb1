import { Demo } from './Demo';

interface Shared {
  demo: Demo;
  directory: string;
}

let value: Shared | undefined;

/** What the global set-up leaves for the global teardown, which jest runs in the same process. */
export const shared = {
  set(newValue: Shared): void {
    value = newValue;
  },
  get(): Shared | undefined {
    return value;
  },
};
