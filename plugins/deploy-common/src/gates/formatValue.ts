/**
 * A value for a sentence, with its unit: `79 %`, `512 ms`, `3`. At the most two decimals, but as many as
 * it takes to stay on its side of every limit: 78.996 beside 79 is never `79 %`.
 *
 * @public
 */
export function formatValue(
  value: number,
  unit: string | undefined,
  limits: readonly number[] = [],
): string {
  const text = digits(value, limits);
  switch (unit) {
    case undefined:
    case 'count':
    case 'ratio':
      return text;
    case 'percent':
      return `${text} %`;
    default:
      return `${text} ${unit}`;
  }
}

function digits(value: number, limits: readonly number[]): string {
  // A value below one hundredth would be shown as nothing.
  for (let decimals = 2; decimals <= 15; decimals += 1) {
    const rounded = Number(value.toFixed(decimals));
    const misleads =
      (rounded === 0 && value !== 0) ||
      limits.some(
        limit => Math.sign(rounded - limit) !== Math.sign(value - limit),
      );
    if (!misleads) {
      return String(rounded);
    }
  }
  return String(value);
}
