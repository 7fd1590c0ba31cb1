import { thin } from './thin';

const points = (values: number[]) =>
  values.map((value, index) => ({ value, index }));

describe('thin', () => {
  it('leaves a short line as it is', () => {
    const line = points([3, 1, 2]);

    expect(thin(line, 3)).toEqual(line);
  });

  it('keeps the ends and whatever stands out, as it is and in order', () => {
    const values = Array.from({ length: 10_000 }, () => 50);
    values[4321] = 1;
    values[8765] = 99;
    const line = points(values);

    const thinned = thin(line, 1_000);

    expect(thinned.length).toBeLessThanOrEqual(1_000);
    expect(thinned).toEqual(
      expect.arrayContaining([line[0], line[4321], line[8765], line[9_999]]),
    );
    expect(thinned.every(point => line[point.index] === point)).toBe(true);
    expect(thinned.map(({ index }) => index)).toEqual(
      thinned.map(({ index }) => index).sort((a, b) => a - b),
    );
  });

  it('fills what it may on a line that goes up and down', () => {
    const line = points(Array.from({ length: 5_000 }, (_, i) => i % 7));

    expect(thin(line, 1_000).length).toBeGreaterThan(900);
  });
});
