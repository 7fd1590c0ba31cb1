import { Page } from '@vvp/backstage-plugin-deploy-common';

/**
 * Puts a newly read first page before the pages that were loaded earlier, without a gap and without doubles.
 *
 * What lies behind the last item of the first page is kept. If that item is not among the earlier ones, more has
 * come in than one page holds: then only the first page is kept, since a hole in the list would look like truth.
 *
 * @internal
 */
export function mergeFirstPage<T>(
  previous: Page<T> | undefined,
  fresh: Page<T>,
  idOf: (item: T) => string,
): Page<T> {
  const lastFresh = fresh.items.at(-1);
  if (!previous || !fresh.nextCursor || lastFresh === undefined) {
    return fresh;
  }
  const seam = previous.items.findIndex(item => idOf(item) === idOf(lastFresh));
  if (seam === -1 || seam === previous.items.length - 1) {
    return fresh;
  }
  const freshIds = new Set(fresh.items.map(idOf));
  const tail = previous.items
    .slice(seam + 1)
    .filter(item => !freshIds.has(idOf(item)));
  return {
    items: [...fresh.items, ...tail],
    nextCursor: previous.nextCursor,
  };
}

/**
 * Adds the next page at the end, without doubles.
 *
 * @internal
 */
export function appendPage<T>(
  previous: Page<T> | undefined,
  next: Page<T>,
  idOf: (item: T) => string,
): Page<T> {
  const known = new Set(previous?.items.map(idOf));
  return {
    items: [
      ...(previous?.items ?? []),
      ...next.items.filter(item => !known.has(idOf(item))),
    ],
    nextCursor: next.nextCursor,
  };
}
