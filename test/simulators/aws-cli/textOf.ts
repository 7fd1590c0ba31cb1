/** A value as `--output text` writes it: members of a list with tabs between them. */
export function textOf(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? '' : `${value.map(cell).join('\t')}\n`;
  }
  return `${cell(value)}\n`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) {
    return 'None';
  }
  if (typeof value === 'object') {
    throw new Error('A structure as text is not simulated.');
  }
  return String(value);
}
