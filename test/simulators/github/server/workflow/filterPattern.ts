/**
 * GitHub's filter patterns for branches, tags and paths: `*` stops at `/`,
 * `**` does not, `?` and `+` repeat what stands before, `!` takes away again.
 */
function toRegExp(pattern: string): RegExp {
  let source = '';
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index];
    if (character === '*') {
      if (pattern[index + 1] === '*') {
        index += 1;
        if (pattern[index + 1] === '/') {
          index += 1;
          source += '(?:.*/)?';
        } else source += '.*';
      } else source += '[^/]*';
    } else if (character === '?' || character === '+') source += character;
    else if (character === '[') {
      const end = pattern.indexOf(']', index);
      if (end < 0) source += '\\[';
      else {
        source += pattern.slice(index, end + 1);
        index = end;
      }
    } else if (character === '\\') {
      index += 1;
      source += escape(pattern[index] ?? '\\');
    } else source += escape(character);
  }
  return new RegExp(`^${source}$`);
}

function escape(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Whether the list lets the name through; the last pattern that fits decides. */
export function matchesPatterns(patterns: string[], name: string): boolean {
  let matched = false;
  for (const pattern of patterns) {
    const negated = pattern.startsWith('!');
    if (toRegExp(negated ? pattern.slice(1) : pattern).test(name)) {
      matched = !negated;
    }
  }
  return matched;
}
