import { InputError } from '@backstage/errors';
import { CoverageCount } from '@vvp/backstage-plugin-deploy-common';
import { count } from '../numbers';
import { ownText } from '../ownText';

/**
 * Functions of a file in an LCOV tracefile, by name: `FN` and `FNDA` of version 1, `FNL` and `FNA` of version 2.
 * Aliases of one function in version 2 count once.
 */
export class LcovNames {
  readonly #hit = new Map<string, boolean>();
  /** Where functions of version 2 begin, by the number they have in the record under way. */
  readonly #starts = new Map<string, string>();

  take(
    key: 'FN' | 'FNL' | 'FNDA' | 'FNA',
    value: string,
    where: () => string,
  ): void {
    const comma = value.indexOf(',');
    if (comma < 0) {
      throw new InputError(`${where()}: needs two values`);
    }
    const first = value.slice(0, comma);
    const rest = value.slice(comma + 1);
    switch (key) {
      case 'FN':
        count(first, where);
        this.#add(rest.replace(/^\d+,/, ''), false);
        break;
      case 'FNDA':
        this.#add(rest, count(first, where) > 0);
        break;
      case 'FNL':
        this.#starts.set(ownText(first), ownText(`:${rest}`));
        this.#add(`:${rest}`, false);
        break;
      default: {
        const start = this.#starts.get(first);
        if (start === undefined) {
          throw new InputError(`${where()}: no FNL has the number it names`);
        }
        this.#add(start, count(rest.split(',', 1)[0], where) > 0);
      }
    }
  }

  closeRecord(): void {
    this.#starts.clear();
  }

  count(): CoverageCount {
    const covered = [...this.#hit.values()].filter(Boolean).length;
    return { covered, total: this.#hit.size };
  }

  #add(name: string, hit: boolean) {
    const known = this.#hit.get(name);
    if (known === undefined) {
      this.#hit.set(ownText(name), hit);
    } else if (hit && !known) {
      this.#hit.set(name, true);
    }
  }
}
