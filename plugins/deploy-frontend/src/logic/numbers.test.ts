import { changeText, countText, numberText, quantityText } from './numbers';

describe('numberText', () => {
  it.each([
    [78.996, 79, '78.99'],
    [78.99999, 79, '78.99'],
    [79, 79, '79'],
    [1.004, 1, '1.004'],
    [1.00000001, 1, '1.00000001'],
    [99.9999, undefined, '99.99'],
    [100, undefined, '100'],
    [0.29 * 100, undefined, '29'],
    [57.99999999999999, undefined, '58'],
    [12_345_678.9, undefined, '12,345,678.9'],
    [-0.456, undefined, '-0.45'],
    [0.000_123_4, undefined, '0.00012'],
    [0.000_999_9, 0.001, '0.0009999'],
    [0, undefined, '0'],
    [NaN, 79, '—'],
    [Infinity, undefined, '—'],
  ])('writes %d beside a limit of %s as %s', (value, limit, text) => {
    expect(numberText(value, { limit })).toBe(text);
  });

  it.each([
    [78.996, 79],
    [79.0000001, 79],
    [1.9999, 2],
    [2.0001, 2],
  ])('keeps %d on its side of %d', (value, limit) => {
    const read = Number(numberText(value, { limit }));

    expect(Math.sign(read - limit)).toBe(Math.sign(value - limit));
  });
});

describe('quantityText', () => {
  it.each([
    [78.996, 'percent', 79, '78.99 %'],
    [0.01004, 'ratio', 0.01, '1.004 %'],
    [0.0042, 'ratio', undefined, '0.42 %'],
    [812.4567, 'ms', 2000, '812.45 ms'],
    [12.5, 's', undefined, '12.5 s'],
    [86_401, 's', 86_400, '86,401 s'],
    [90_000, 's', 86_400, '1d, 1h'],
    [478_240_000, 'bytes', 500_000_000, '478.24 MB'],
    [500_000_001, 'bytes', 500_000_000, '500.000001 MB'],
    [312, 'bytes', undefined, '312 B'],
    [33, 'count', 33, '33'],
    [410.2, '1/s', undefined, '410.2 /s'],
    [7, 'widgets', undefined, '7 widgets'],
    [7, undefined, undefined, '7'],
    [NaN, 'ms', undefined, '—'],
  ])('writes %d in %s beside %s as %s', (value, unit, limit, text) => {
    expect(quantityText(value, unit, limit)).toBe(text);
  });
});

describe('changeText', () => {
  it.each([
    [0.42, 'percent', '+0.42 %'],
    [-12, 'ms', '−12 ms'],
    [0, 'percent', 'no change'],
    [0.0004, 'percent', 'no change'],
  ])('writes a change of %d %s as %s', (change, unit, text) => {
    expect(changeText(change, unit)).toBe(text);
  });
});

describe('countText', () => {
  it.each([
    [1, 'test', undefined, '1 test'],
    [0, 'test', undefined, '0 tests'],
    [1204, 'suite', undefined, '1,204 suites'],
    [2, 'library', 'libraries', '2 libraries'],
  ])('counts %d of %s', (count, one, many, text) => {
    expect(countText(count, one, many)).toBe(text);
  });
});
