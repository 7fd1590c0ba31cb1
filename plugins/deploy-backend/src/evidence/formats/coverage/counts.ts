import { InputError } from '@backstage/errors';
import { CoverageCount } from '@vvp/backstage-plugin-deploy-common';
import { count, placeOf, Where } from '../numbers';

export const nothing: CoverageCount = { covered: 0, total: 0 };

export function addCounts(
  first: CoverageCount,
  second: CoverageCount,
): CoverageCount {
  return {
    covered: first.covered + second.covered,
    total: first.total + second.total,
  };
}

/**
 * A count as a report states it.
 *
 * @throws InputError that names the place, unless both are whole numbers and no more is covered than there is
 */
export function coverageCount(
  covered: unknown,
  total: unknown,
  where: Where,
  line?: number,
): CoverageCount {
  const counted = {
    covered: count(covered, where, line),
    total: count(total, where, line),
  };
  if (counted.covered > counted.total) {
    throw new InputError(
      `${placeOf(where, line)}: ${counted.covered} covered of ${
        counted.total
      } cannot be`,
    );
  }
  return counted;
}

/** No source file has more lines. */
const maxLine = 10_000_000;

/**
 * The number of a line; some tools write 0 for code that has none.
 *
 * @throws InputError that names the place
 */
export function lineNumber(
  value: unknown,
  where: Where,
  line?: number,
): number {
  const number = count(value, where, line);
  if (number > maxLine) {
    throw new InputError(
      `${placeOf(where, line)}: ${number} is not the number of a line`,
    );
  }
  return number;
}
