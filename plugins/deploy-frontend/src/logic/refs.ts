import { groupText, serviceName } from './promotions';

/** Entity refs as the catalog writes them, in full; a full stop after one is no part of it. */
const refs =
  /\b(?:user|group|component|system):[a-z0-9](?:[\w.-]*[a-z0-9])?\/[a-z0-9](?:[\w.-]*[a-z0-9])?/gi;

/**
 * A sentence of the backend, cut at the entity refs in it.
 *
 * @internal
 */
export function splitRefs(
  text: string,
): { kind: 'words' | 'ref'; text: string }[] {
  const parts: { kind: 'words' | 'ref'; text: string }[] = [];
  let end = 0;
  for (const { 0: ref, index } of text.matchAll(refs)) {
    if (index > end) {
      parts.push({ kind: 'words', text: text.slice(end, index) });
    }
    parts.push({ kind: 'ref', text: ref });
    end = index + ref.length;
  }
  if (end < text.length) {
    parts.push({ kind: 'words', text: text.slice(end) });
  }
  return parts;
}

/**
 * The same sentence with names alone, for where no link can stand.
 *
 * @internal
 */
export function nameRefs(text: string): string {
  return text.replace(refs, refName);
}

/**
 * What an entity is called: its name, for the rest is in the link.
 *
 * @internal
 */
export function refName(ref: string): string {
  return /^(user|group):/i.test(ref) ? groupText(ref) : serviceName(ref);
}
