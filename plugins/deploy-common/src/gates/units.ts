/** What one of a unit is in the base unit of its kind. */
const kinds: readonly Record<string, number>[] = [
  {
    ns: 1e-9,
    us: 1e-6,
    µs: 1e-6,
    ms: 1e-3,
    s: 1,
    min: 60,
    h: 3600,
  },
  {
    bytes: 1,
    B: 1,
    kB: 1e3,
    KB: 1e3,
    MB: 1e6,
    GB: 1e9,
    TB: 1e12,
    KiB: 1024,
    MiB: 1024 ** 2,
    GiB: 1024 ** 3,
    TiB: 1024 ** 4,
  },
  { ratio: 100, percent: 1 },
  { '1/s': 1, '1/min': 1 / 60, '1/h': 1 / 3600 },
];

/**
 * Every unit that is converted; any other unit stands for itself alone.
 *
 * @public
 */
export const knownUnits: readonly string[] = kinds.flatMap(kind =>
  Object.keys(kind),
);

/**
 * Converts between units of the same kind: times, sizes, parts of a whole, rates. Decimal sizes (`MB`)
 * and binary ones (`MiB`) differ.
 *
 * @returns Nothing if one cannot be told in the other.
 * @public
 */
export function convertUnit(
  value: number,
  from: string,
  to: string,
): number | undefined {
  if (from === to) {
    return value;
  }
  const kind = kinds.find(
    units => Object.hasOwn(units, from) && Object.hasOwn(units, to),
  );
  return kind && scale(value, kind[from], kind[to]);
}

/** To 15 digits, so that a ratio of 0.07 is 7 percent and not 7.000000000000001. */
function scale(value: number, from: number, to: number): number {
  return Number(((value * from) / to).toPrecision(15));
}
