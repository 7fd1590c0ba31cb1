import { canonical } from './canonical';

/** Maps of many things of one kind, and what one of them is called. */
const kinds: Readonly<Record<string, string>> = {
  images: 'image',
  inputs: 'input',
  settings: 'setting',
};

/** What one thing of a part is called, or the part itself. */
export function nameOfPart(key: string): string {
  return Object.hasOwn(kinds, key) ? kinds[key] : key;
}

/** Settings by the name that people know them by; values are only there to be compared. */
export class SettingList {
  readonly #settings = new Map<string, string>();

  /** Name and value, the latter as a text that is the same for the same. */
  get all(): ReadonlyMap<string, string> {
    return this.#settings;
  }

  /** Nothing where there is no value. */
  set(name: string, value: unknown, key = ''): void {
    if (value !== undefined) {
      this.#settings.set(name, canonical(value, key));
    }
  }

  /** Each field by its own name behind that of the whole, and so on below; a list is one setting. */
  setFields(name: string, fields: object | undefined): void {
    for (const [key, value] of Object.entries(fields ?? {})) {
      const full = `${name} ${nameOfPart(key)}`;
      if (isObject(value) && !isSource(value)) {
        this.setFields(full, value);
      } else {
        this.set(full, value, key);
      }
    }
  }

  /** Variables by name, each a text or where it comes from. */
  setVariables(name: string, variables: object | undefined): void {
    for (const [key, value] of Object.entries(variables ?? {})) {
      this.set(`${name} ${key}`, value);
      this.setReference(value);
    }
  }

  /**
   * The secret or variable at GitHub that a value comes from.
   *
   * @param value - what the schema calls a setting, and nothing else: its names are told
   */
  setReference(value: unknown): void {
    if (isObject(value)) {
      const { secret, variable } = value as Record<string, unknown>;
      if (typeof secret === 'string') {
        this.set(`secret reference ${secret}`, true);
      }
      if (typeof variable === 'string') {
        this.set(`variable reference ${variable}`, true);
      }
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where one value comes from, which is written as an object. */
function isSource(value: object): boolean {
  const [key, ...others] = Object.keys(value);
  return (
    others.length === 0 && ['secret', 'variable', 'from'].includes(key ?? '')
  );
}
