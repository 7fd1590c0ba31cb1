/** Points of one line of a chart. */
export const MAX_POINTS = 1_000;

/**
 * Thins a long line without hiding what stands out: of each stretch the lowest and the highest point stay,
 * as they are. Nothing is averaged. The first and the last point stay too.
 */
export function thin<T extends { value: number }>(
  points: readonly T[],
  most = MAX_POINTS,
): T[] {
  if (points.length <= most) {
    return [...points];
  }
  const inner = points.length - 2;
  const stretches = Math.floor((most - 2) / 2);
  const kept = new Set<number>([0, points.length - 1]);
  for (let stretch = 0; stretch < stretches; stretch++) {
    const start = 1 + Math.floor((inner * stretch) / stretches);
    const end = 1 + Math.floor((inner * (stretch + 1)) / stretches);
    let lowest = start;
    let highest = start;
    for (let index = start; index < end; index++) {
      if (points[index].value < points[lowest].value) lowest = index;
      if (points[index].value > points[highest].value) highest = index;
    }
    kept.add(lowest).add(highest);
  }
  return points.filter((_, index) => kept.has(index));
}
