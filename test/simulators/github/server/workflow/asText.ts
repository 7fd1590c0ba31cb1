import type { Json } from '../json';

/** The text that GitHub writes for a value. */
export function asText(value: Json): string {
  if (value === null) return '';
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}
