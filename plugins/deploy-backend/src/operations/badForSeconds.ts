/** Whole seconds that a release was in place; undefined where it is not known since when. */
export function badForSeconds(
  inPlaceSince: string | undefined,
  goneAt: Date,
): number | undefined {
  const since = Date.parse(inPlaceSince ?? '');
  return Number.isNaN(since)
    ? undefined
    : Math.max(0, Math.round((goneAt.getTime() - since) / 1000));
}
