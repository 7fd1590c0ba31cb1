import type { Death } from './engineProcess';

/** Of moments with one name, how many can be counted on where the platform takes its time. */
const REPEATS = 2;

/** A step that begins or ends, what it stores, and the requests that may change something. */
const telling =
  /^(before|after) [^:]+$|: remembered|(request\S*|response\S*|trailers) (POST|PUT|PATCH|DELETE)$/;

/** At which of the moments of a whole run processes are to die. */
export function chooseDeaths(
  moments: readonly string[],
  options: { maxKills?: number; takesItsTime?: boolean },
): Death[] {
  const most = options.maxKills ?? 60;
  const all = moments.map((_, index): Death => ({ nth: index + 1 }));
  return options.takesItsTime ? chooseByName(moments, most) : spread(all, most);
}

function chooseByName(moments: readonly string[], most: number): Death[] {
  const counts = new Map<string, number>();
  const deaths: Array<Required<Death>> = [];
  for (const name of moments) {
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    if (nth <= REPEATS) {
      deaths.push({ name, nth });
    }
  }
  const first = spread(
    deaths.filter(({ name, nth }) => nth === 1 && telling.test(name)),
    most,
  );
  const others = deaths.filter(death => !first.includes(death));
  return [...first, ...spread(others, most - first.length)];
}

/** So many at most, evenly; always the first and the last. */
function spread<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) {
    return [...all];
  }
  return Array.from(
    { length: most },
    (_, index) =>
      all[Math.round((index * (all.length - 1)) / Math.max(1, most - 1))],
  );
}
