/** A character without width: it shows nothing, and keeps GitHub from making a link or mention. */
const BREAK = '\u200b';

const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;

/** Direction overrides and marks that make a text look like another one. */
const DISGUISES = /[\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** One line, without characters that show as something else than they are. */
export function plainLine(text: string): string {
  return text.replace(CONTROLS, ' ').replace(DISGUISES, '').trim();
}

/** At the most so many UTF-16 units; what is cut ends with `…`. */
export function shorten(text: string, length: number): string {
  if (text.length <= length) {
    return text;
  }
  const cut = text.slice(0, length - 1);
  // Half a character is none.
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`;
}

/**
 * Text of others as GitHub's markdown, in a paragraph or in a cell of a table: it shows as it is, and
 * formats, links, mentions and refers to nothing.
 */
export function escapeMarkdown(text: string): string {
  return plainLine(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()+\-.!|~^$:]/g, '\\$&')
    .replace(/[@#]/g, `$&${BREAK}`)
    .replace(/\/\//g, `/${BREAK}/`)
    .replace(/\b(www|gh)(?=\\[.-])/gi, `$1${BREAK}`);
}

/** Text of others as code, in a paragraph; GitHub makes nothing else of it. */
export function code(text: string): string {
  const line = plainLine(text) || ' ';
  const longest = Math.max(
    0,
    ...[...line.matchAll(/`+/g)].map(([run]) => run.length),
  );
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** A link, if the address is one of the web; else the label alone. */
export function link(label: string, address: string | undefined): string {
  const escaped = escapeMarkdown(label);
  const url = address && URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    return escaped;
  }
  const target = url.href.replace(
    /[()<>\\|*_~`[\]'"\s]/g,
    character => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `[${escaped}](${target})`;
}

/** A percentage as it is shown: never rounded up, so that what fails does not look like passing. */
export function percentage(count: { covered: number; total: number }): string {
  const { covered, total } = count;
  return total > 0
    ? `${(Math.floor((covered / total) * 1_000) / 10).toFixed(1)} %`
    : 'no lines';
}
