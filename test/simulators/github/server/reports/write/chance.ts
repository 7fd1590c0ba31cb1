import { hashedNumber } from '../../state/Ids';

/** A number in `[minimum, maximum]` that depends on the text alone. */
export function between(
  text: string,
  minimum: number,
  maximum: number,
): number {
  return (
    minimum + ((maximum - minimum) * hashedNumber(text, 0, 10_000)) / 10_000
  );
}

/** A value that goes slowly up and down around the middle as runs go by. */
export function drifting(
  text: string,
  run: number,
  minimum: number,
  maximum: number,
): number {
  const middle = (minimum + maximum) / 2;
  const wave = Math.sin((run + hashedNumber(text, 0, 30)) / 6);
  const noise = between(`${text}-${run}`, -0.4, 0.4);
  return middle + ((maximum - minimum) / 2) * (0.6 * wave + noise);
}
