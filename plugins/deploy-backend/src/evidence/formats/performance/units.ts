/** A number of a unit that is understood, in the unit that is kept. */
interface Conversion {
  unit: 'ms' | 's' | 'bytes' | 'ratio' | '1/s' | 'count';
  /** Kept = told × times ÷ over; two whole numbers, so that nothing is lost. */
  times: number;
  over: number;
}

const conversions: Record<string, Conversion> = {};

function spell(
  unit: Conversion['unit'],
  spellings: string,
  times = 1,
  over = 1,
): void {
  for (const spelling of spellings.split(' ')) {
    conversions[spelling] = { unit, times, over };
  }
}

spell('ms', 'ms msec millisecond milliseconds');
spell('ms', 'us µs μs microsecond microseconds', 1, 1_000);
spell('ms', 'ns nanosecond nanoseconds', 1, 1_000_000);
spell('s', 's sec secs second seconds');
spell('s', 'min mins minute minutes', 60);
spell('s', 'h hr hour hours', 3_600);
spell('bytes', 'bytes byte B');
// Decimal, as docker, df -H and the SI write them; `Mb` and the like are left alone, they may mean bits.
spell('bytes', 'kB KB kb', 1e3);
spell('bytes', 'MB mb', 1e6);
spell('bytes', 'GB gb', 1e9);
spell('bytes', 'TB tb', 1e12);
// Binary, as Kubernetes and free -h write them.
spell('bytes', 'KiB Ki kib', 2 ** 10);
spell('bytes', 'MiB Mi mib', 2 ** 20);
spell('bytes', 'GiB Gi gib', 2 ** 30);
spell('bytes', 'TiB Ti tib', 2 ** 40);
spell('ratio', 'ratio');
spell('ratio', '% percent pct', 1, 100);
spell('1/s', '1/s /s rps qps tps req/s reqs/s requests/s ops/s');
spell('1/s', '1/min /min rpm', 1, 60);
spell('count', 'count 1 requests users');

/** The value in the unit that is kept; a unit that is not known stays as it is told. */
export function normalised(
  value: number,
  unit: string,
): { value: number; unit: string } {
  const known = Object.hasOwn(conversions, unit)
    ? conversions[unit]
    : undefined;
  return known
    ? { value: (value * known.times) / known.over, unit: known.unit }
    : { value, unit };
}
