import { shortCommit } from './links';
import { personText } from './people';
import { groupText, serviceName } from './promotions';
import { absoluteTime } from './time';

/**
 * A piece of a sentence of the backend: words, an entity ref, somebody whom the catalog does not know, or a
 * moment in ISO 8601.
 *
 * @internal
 */
export interface TextPart {
  kind: 'words' | 'ref' | 'stranger' | 'time';
  text: string;
}

/** Entity refs as the catalog writes them, in full; a full stop after one is no part of it. */
const ref =
  '\\b(?:user|group|component|system):[a-z0-9](?:[\\w.-]*[a-z0-9])?\\/[a-z0-9](?:[\\w.-]*[a-z0-9])?';
/** A login at GitHub, or a service that asks; `github:<repository>:<run>` is where a deployment comes from. */
const stranger =
  '(?<![\\w/.:-])(?:github:\\w[\\w-]*(?:\\[bot\\])?|service:(?:plugin|external):\\w[\\w-]*)(?![\\w/:[-])';
/** With a zone: without one nobody knows which moment it is. The gates write `2026-11-21 07:30 UTC`. */
const time =
  '(?<![\\w-])\\d{4}-\\d\\d-\\d\\d(?:T\\d\\d:\\d\\d(?::\\d\\d(?:\\.\\d+)?)?(?:Z|[+-]\\d\\d:\\d\\d)| \\d\\d:\\d\\d UTC)\\b';
const uuid =
  /(?<=\b(?:operation|promotion) )([0-9a-f]{8})(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;
const sha = /\b(?<![:@/-])[0-9a-f]{40}\b(?![/-])/g;
const pieces = new RegExp(
  `(?<ref>${ref})|(?<stranger>${stranger})|(?<time>${time})`,
  'gi',
);

/**
 * A sentence of the backend, cut at who and what it names, and at the moments in it; ids are short.
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
    parts.push(toPart(piece, groups));
    end = index + piece.length;
  }
  if (end < text.length) {
    parts.push({ kind: 'words', text: text.slice(end) });
  }
  return parts.map(part =>
    part.kind === 'words'
      ? { kind: part.kind, text: shortIds(part.text) }
      : part,
  );
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
 * The same text with commits, and ids of operations and promotions, as short as everywhere: nobody reads
 * them, and their beginning tells two apart.
 *
 * @internal
 */
export function shortIds(text: string): string {
  return text.replace(uuid, '$1').replace(sha, shortCommit);
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

function toPart(
  piece: string,
  groups: Record<string, string | undefined> = {},
): TextPart {
  if (groups.time) {
    return { kind: 'time', text: isoTime(piece) };
  }
  return { kind: groups.ref ? 'ref' : 'stranger', text: piece };
}

function isoTime(moment: string): string {
  return moment.replace(/ (.+) UTC$/, 'T$1Z');
}

function plainText({ kind, text }: TextPart): string {
  switch (kind) {
    case 'ref':
      return refName(text);
    case 'stranger':
      return personText(text);
    case 'time':
      return absoluteTime(text);
    default:
      return text;
  }
}
