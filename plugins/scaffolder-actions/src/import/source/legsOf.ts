import { Leaf } from '../types';
import { LeafIndex } from './LeafIndex';

/** As many as GitHub lets a matrix have. */
const MOST_LEGS = 256;

/** The legs of a matrix: every combination of its lists, and what `include` adds to them. */
export function legsOf(index: LeafIndex, job: string): Map<string, Leaf>[] {
  const leaves = index.under('jobs', job, 'strategy', 'matrix');
  const lists = new Map<string, Leaf[]>();
  const included = new Map<string, Map<string, Leaf>>();
  for (const leaf of leaves) {
    const [name, number, column] = leaf.path.slice(4);
    if (name === 'include' && column !== undefined) {
      const row = included.get(number) ?? new Map<string, Leaf>();
      included.set(number, row.set(column, leaf));
    } else if (name !== 'exclude' && number !== undefined && !column) {
      lists.set(name, [...(lists.get(name) ?? []), leaf]);
    }
  }
  let legs: Map<string, Leaf>[] = [new Map()];
  for (const [name, values] of lists) {
    legs = legs
      .flatMap(leg => values.map(value => new Map([...leg, [name, value]])))
      .slice(0, MOST_LEGS);
  }
  const added = [...included.values()];
  return lists.size === 0 && added.length > 0
    ? added.slice(0, MOST_LEGS)
    : legs.map(leg => addTo(leg, added));
}

/** Rows of `include` that agree with a leg add to it. */
function addTo(
  leg: Map<string, Leaf>,
  rows: readonly Map<string, Leaf>[],
): Map<string, Leaf> {
  const fitting = rows.filter(row =>
    [...row].every(
      ([name, { value }]) => !leg.has(name) || leg.get(name)?.value === value,
    ),
  );
  return new Map([...leg, ...fitting.flatMap(row => [...row])]);
}
