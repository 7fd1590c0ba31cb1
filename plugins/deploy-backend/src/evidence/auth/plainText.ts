const MAX_LENGTH = 200;

/** A value that a stranger chose, fit to stand in a message or an audit event. */
export function plainText(value: unknown): string {
  const text =
    typeof value === 'string' ? value : JSON.stringify(value) ?? 'nothing';
  const printable = text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
  return printable.length > MAX_LENGTH
    ? `${printable.slice(0, MAX_LENGTH)}…`
    : printable;
}
