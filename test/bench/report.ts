/** One line of the table that `npm run bench` prints. */
export interface BenchResult {
  name: string;
  value: number;
  unit: string;
  /** What the same machine reaches without the product, in the same unit and the same run. */
  baseline?: number;
}

/** Hands a result to `npm run bench`. */
export function report(result: BenchResult): void {
  const ratio =
    result.baseline === undefined ? undefined : result.value / result.baseline;
  process.stdout.write(`${JSON.stringify({ ...result, ratio })}\n`);
}
