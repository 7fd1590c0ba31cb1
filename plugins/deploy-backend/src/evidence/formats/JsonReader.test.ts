import { JsonReader } from './JsonReader';

function read(json: string, paths = ['$.a.*'], size = json.length || 1) {
  const values: [path: string, value: unknown][] = [];
  const reader = new JsonReader({
    paths,
    onValue: (value, path) => values.push([path.join('.'), value]),
  });
  for (let from = 0; from < json.length; from += size) {
    reader.write(json.slice(from, from + size));
  }
  reader.end();
  return values;
}

describe('JsonReader', () => {
  it.each([1, 3, 1000])('reads pieces of %d characters', size => {
    const values = read(
      '{"x":{"y":[1,2]},"a":[{"é😀":1e2},-2.5,\n"\\u00e9",null],"z":0}\n',
      ['$.a.*', '$.z'],
      size,
    );

    expect(values).toEqual([
      ['a.0', { 'é😀': 100 }],
      ['a.1', -2.5],
      ['a.2', 'é'],
      ['a.3', null],
      ['z', 0],
    ]);
  });

  it('does not let a key reach the prototype', () => {
    const [[, value]] = read('{"a":[{"__proto__":{"polluted":1}}]}');

    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect({}).not.toHaveProperty('polluted');
  });

  it.each([
    ['nothing', '', 1, 'the file is empty'],
    ['white space', ' \n ', 2, 'the file is empty'],
    ['NaN', '{"a":\n[NaN]}', 2, 'unexpected N'],
    ['Infinity', '{"a":\n[Infinity]}', 2, 'unexpected I'],
    ['a negative infinity', '{"a":\n[-Infinity]}', 2, 'unexpected I'],
    ['a number too large', '{"x":\n1e999}', 2, 'a number is too large'],
    ['a missing colon', '{"x":1,\n\n"a" 1}', 3, 'unexpected NUMBER'],
    ['a comma too many', '{"x":1,\n}', 2, 'unexpected RIGHT_BRACE'],
    ['single quotes', "{\n'a':1}", 2, "unexpected '"],
    ['a truncated file', '{"a":[\n{"b":1}', 2, 'the file ends too early'],
    ['a truncated string', '{"a":[\n"b', 2, 'the file ends too early'],
    ['two values', '{}\n{}', 2, 'unexpected {'],
    ['XML', '<a/>', 1, 'unexpected <'],
    [
      '10,000 levels',
      '[\n'.repeat(10_000),
      257,
      'nested deeper than 256 levels',
    ],
  ])('refuses %s', (_, json, line, reason) => {
    for (const size of [1, 7, 100_000]) {
      expect(() => read(json, undefined, size)).toThrow(
        `Line ${line} of the JSON: ${reason}`,
      );
    }
  });

  it.each([
    ['a wanted value', `{"a":[["${'x'.repeat(9e6)}","${'x'.repeat(9e6)}"]]}`],
    ['a string', `{"b":"${'x'.repeat(17e6)}"}`],
  ])('refuses %s beyond 16 MiB', (_, json) => {
    expect(() => read(json)).toThrow('a value is too long to be read');
  });

  it('passes over what is not wanted, however long', () => {
    const item = `"${'x'.repeat(9e6)}"`;

    expect(read(`{"b":[[${item},${item}]],"a":[1]}`)).toEqual([['a.0', 1]]);
  });

  it('hands on what the taker throws', () => {
    const problem = new TypeError('a bug');
    const reader = new JsonReader({
      paths: ['$.a'],
      onValue: () => {
        throw problem;
      },
    });

    expect(() => reader.write('{"a":1}')).toThrow(problem);
  });
});
