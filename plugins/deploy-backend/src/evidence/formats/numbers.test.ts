import { count, finite, rate } from './numbers';

describe('count', () => {
  it.each([
    ['0', 0],
    ['12', 12],
    ['12.0', 12],
    ['123456789012', 123456789012],
    [7, 7],
  ])('reads %j', (value, expected) => {
    expect(count(value, 'hits')).toBe(expected);
  });

  it.each([
    '',
    ' 1',
    '79%',
    'NaN',
    '-1',
    '1.5',
    '1e3',
    '1e999',
    '0x10',
    '9'.repeat(30),
    -1,
    1.5,
    NaN,
    Infinity,
    undefined,
    true,
    {},
  ])('refuses %j', value => {
    expect(() => count(value, 'hits', 3)).toThrow(
      /^Line 3, hits: .+ is not a whole number of 0 or more$/,
    );
  });

  it('keeps the value short in the message', () => {
    expect(() => count('x'.repeat(1000), () => 'hits')).toThrow(
      `hits: "${'x'.repeat(40)}…" is not`,
    );
  });
});

describe('rate', () => {
  it.each([
    ['0', 0],
    ['0.79', 0.79],
    ['1', 1],
    ['1.0', 1],
    ['5.0E-1', 0.5],
    [0.5, 0.5],
  ])('reads %j', (value, expected) => {
    expect(rate(value, 'line-rate')).toBe(expected);
  });

  it.each(['1.7', 1.7, '-0.1', '79%', 'NaN', '', '0,79', undefined])(
    'refuses %j',
    value => {
      expect(() => rate(value, 'line-rate')).toThrow(
        /^line-rate: .+ is not a number from 0 to 1$/,
      );
    },
  );
});

describe('finite', () => {
  it.each([
    ['-1.5', -1.5],
    ['1e3', 1000],
    [2, 2],
  ])('reads %j', (value, expected) => {
    expect(finite(value, 'time')).toBe(expected);
  });

  it.each(['NaN', 'Infinity', '1e999', '', '12 s', undefined, NaN])(
    'refuses %j',
    value => {
      expect(() => finite(value, 'time')).toThrow(/^time: .+ finite number$/);
    },
  );
});
