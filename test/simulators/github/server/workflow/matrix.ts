import { isObject, type Json } from '../json';
import { asText } from './asText';

export type MatrixValues = Record<string, Json>;

const LONGEST_NAME = 100;

function product(axes: Array<[string, Json[]]>): MatrixValues[] {
  let combinations: MatrixValues[] = [{}];
  for (const [name, values] of axes) {
    combinations = combinations.flatMap(combination =>
      values.map(value => ({ ...combination, [name]: value })),
    );
  }
  return combinations;
}

function matches(values: MatrixValues, partial: MatrixValues): boolean {
  return Object.entries(partial).every(
    ([key, value]) => JSON.stringify(values[key]) === JSON.stringify(value),
  );
}

function objects(value: Json | undefined): MatrixValues[] {
  return Array.isArray(value)
    ? value.filter(isObject).map(item => item as MatrixValues)
    : [];
}

/** The legs of a matrix, `exclude` and `include` applied as GitHub applies them. */
export function expandMatrix(matrix: Json): MatrixValues[] {
  if (!isObject(matrix)) return [];
  const { include, exclude, ...rest } = matrix as MatrixValues;
  const axes = Object.entries(rest).filter((entry): entry is [string, Json[]] =>
    Array.isArray(entry[1]),
  );
  const excluded = objects(exclude);
  const original = axes.length > 0 ? product(axes) : [];
  const combinations = original.filter(
    values => !excluded.some(partial => matches(values, partial)),
  );
  const axisNames = new Set(axes.map(([name]) => name));
  const legs = combinations.map(values => ({ ...values }));
  for (const addition of objects(include)) {
    const onAxes = Object.fromEntries(
      Object.entries(addition).filter(([key]) => axisNames.has(key)),
    );
    // An addition never overwrites an axis; without a combination to join it is its own leg.
    const joined = legs.filter(
      (_leg, index) =>
        index < combinations.length && matches(combinations[index], onAxes),
    );
    if (axes.length === 0 || joined.length === 0) legs.push({ ...addition });
    else joined.forEach(leg => Object.assign(leg, addition));
  }
  return legs;
}

function scalars(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(scalars);
  if (isObject(value))
    return Object.values(value as MatrixValues).flatMap(scalars);
  return [asText(value)];
}

/** `job (a, b)`, as GitHub forms the name of a leg that has no name of its own. */
export function legName(base: string, values: MatrixValues): string {
  const shown = Object.values(values)
    .flatMap(scalars)
    .filter(text => text !== '');
  if (shown.length === 0) return base;
  const name = `${base} (${shown.join(', ')})`;
  return name.length <= LONGEST_NAME
    ? name
    : `${name.slice(0, LONGEST_NAME - 3)}...`;
}
