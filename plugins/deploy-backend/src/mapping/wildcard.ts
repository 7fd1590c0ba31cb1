/**
 * Whether `text` is `pattern`, in which `*` stands for any number of any characters.
 * Job names contain spaces, slashes and brackets, so a path glob would misread them.
 */
export function matchesWildcard(pattern: string, text: string): boolean {
  const source = pattern
    .split('*')
    .map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*?');
  return new RegExp(`^${source}$`, 's').test(text);
}
