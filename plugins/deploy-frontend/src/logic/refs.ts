import { groupText, serviceName } from './promotions';
import { absoluteTime } from './time';

/**
 * A piece of a sentence of the backend: words, an entity ref, or a moment in ISO 8601.
 *
 * @internal
 */
export interface TextPart {
  kind: 'words' | 'ref' | 'time';
  text: string;
}

/** Entity refs as the catalog writes them, in full; a full stop after one is no part of it. */
const ref =
  '\\b(?:user|group|component|system):[a-z0-9](?:[\\w.-]*[a-z0-9])?\\/[a-z0-9](?:[\\w.-]*[a-z0-9])?';
/** With a zone: without one nobody knows which moment it is. The gates write `2026-11-21 07:30 UTC`. */
const time =
  '(?<![\\w-])\\d{4}-\\d\\d-\\d\\d(?:T\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?(?:Z|[+-]\\d\\d:\\d\\d)| \\d\\d:\\d\\d UTC)\\b';
const pieces = new RegExp(`(?<ref>${ref})|(?<time>${time})`, 'gi');

/**
 * A sentence of the backend, cut at the entity refs and the moments in it.
 *
 * @internal
 */
export function splitRefs(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const { 0: piece, index, groups } of text.matchAll(pieces)) {
    if (index > end) {
      parts.push({ kind: 'words', text: text.slice(end, index) });
    }
    parts.push(
      groups?.ref
        ? { kind: 'ref', text: piece }
        : { kind: 'time', text: isoTime(piece) },
    );
    end = index + piece.length;
  }
  if (end < text.length) {
    parts.push({ kind: 'words', text: text.slice(end) });
  }
  return parts;
}

/**
 * The same sentence with names alone and readable times, for where no link can stand.
 *
 * @internal
 */
export function nameRefs(sentence: string): string {
  return splitRefs(sentence).map(plainText).join('');
}

/**
 * What an entity is called: its name, for the rest is in the link.
 *
 * @internal
 */
export function refName(entityRef: string): string {
  return /^(user|group):/i.test(entityRef)
    ? groupText(entityRef)
    : serviceName(entityRef);
}

function isoTime(moment: string): string {
  return moment.replace(/ (.+) UTC$/, 'T$1Z');
}

function plainText({ kind, text }: TextPart): string {
  switch (kind) {
    case 'ref':
      return refName(text);
    case 'time':
      return absoluteTime(text);
    default:
      return text;
  }
}
