/**
 * Whether `text` is `pattern`, in which `*` stands for any number of any characters.
 * Job names contain spaces, slashes and brackets, so a path glob would misread them.
 *
 * Patterns come from repositories. Each part is looked for once, where the one before it ends, so that none takes long.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  const [first, ...parts] = pattern.split('*');
  const last = parts.pop();
  if (last === undefined) {
    return text === first;
  }
  const end = text.length - last.length;
  let position = first.length;
  if (position > end || !text.startsWith(first) || !text.endsWith(last)) {
    return false;
  }
  for (const part of parts) {
    const found = text.indexOf(part, position);
    if (found < 0 || found + part.length > end) {
      return false;
    }
    position = found + part.length;
  }
  return true;
}
