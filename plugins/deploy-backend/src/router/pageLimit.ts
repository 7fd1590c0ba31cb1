const DEFAULT_LIMIT = 20;

/** The number of rows a caller wants; checked by the OpenAPI document before. */
export function pageLimit(value: unknown): number {
  return value === undefined ? DEFAULT_LIMIT : Number(value);
}
