import { ownText } from './ownText';

/** One line of at the most so many characters, for people. */
export function oneLine(value: string, longest = 300): string {
  const line = value.slice(0, 10 * longest).replace(/\s+/g, ' ');
  const trimmed = line.trim();
  return ownText(
    trimmed.length > longest ? `${trimmed.slice(0, longest - 1)}…` : trimmed,
  );
}

/** The address if a browser may follow it: a report must not bring `javascript:` onto a page. */
export function webAddress(value: string | undefined): string | undefined {
  if (!value || value.length > 2_000 || !URL.canParse(value)) {
    return undefined;
  }
  const { protocol, href } = new URL(value);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}

/** A path as people write it: no `file:`, no `./`, no percent signs, no backslashes. */
export function plainPath(uri: string): string {
  const path = decoded(uri.replace(/^file:\/\/(localhost(?=\/))?/i, ''));
  return oneLine(path.replace(/\\/g, '/').replace(/^(\.\/)+/, ''), 1_000);
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
