import { readText } from './__testUtils__/readFixture';

const failure = '<failure message="no">at a.b</failure>';

function suite(content: string, attributes = 'name="s"'): string {
  return `<testsuites><testsuite ${attributes}>${content}</testsuite></testsuites>`;
}

describe('places and names', () => {
  it.each([
    ['name="inner"', 'outer > inner'],
    ['name="outer.Inner"', 'outer.Inner'],
    ['', 'outer'],
    ['package="p"', 'outer > p'],
  ])('a suite in a suite: %s', async (attributes, expected) => {
    const report = await readText(
      suite(
        `<testsuite ${attributes}><testcase name="t"/></testsuite>`,
        'name="outer"',
      ),
    );

    expect(report.suites.map(({ name }) => name)).toEqual([expected]);
  });

  it.each([
    ['file="a.js" line="7"', '', { file: 'a.js', line: 7 }],
    ['line="x"', 'file="b.js"', { file: 'b.js', line: undefined }],
    ['', 'filepath="c.js"', { file: 'c.js' }],
    ['', '', { file: undefined }],
  ])(
    'file and line of <testcase %s> in <testsuite %s>',
    async (ofCase, ofSuite, expected) => {
      const report = await readText(
        suite(`<testcase name="t" ${ofCase}>${failure}</testcase>`, ofSuite),
      );

      expect(report.notable[0]).toMatchObject(expected);
    },
  );

  it.each([
    ['message="m" type="T"', 'text', 'm', 'text'],
    ['type="T"', '\n  first line\nsecond', 'first line', 'first line\nsecond'],
    ['type="T"', '', 'T', undefined],
    ['message=" "', '<![CDATA[<b>]]>', '<b>', '<b>'],
  ])('<failure %s>%s', async (attributes, text, message, trace) => {
    const report = await readText(
      suite(
        `<testcase name="t"><failure ${attributes}>${text}</failure></testcase>`,
      ),
    );

    expect(report.notable[0].message).toBe(message);
    expect(report.notable[0].trace).toBe(trace);
  });

  it('names a case without a name after its class', async () => {
    const report = await readText(
      suite(`<testcase name="" classname="c">${failure}</testcase>`),
    );

    expect(report.notable[0].name).toBe('c');
  });
});

describe('times', () => {
  it.each([
    ['0.25', 0.25],
    ['1,234.5', 1234.5],
    ['1,234,567.125', 1234567.125],
    ['1,234', 1234],
    ['0,25', 0.25],
    ['0,123', 0.123],
    ['1.234,5', 1234.5],
    ['1.5E-4', 0.00015],
    [' 2.5 ', 2.5],
    ['7', 7],
  ])('reads time="%s" as %d seconds', async (time, seconds) => {
    const report = await readText(
      suite(`<testcase name="t" time="${time}">${failure}</testcase>`),
    );

    expect(report.notable[0].durationSeconds).toBe(seconds);
    expect(report.totals.durationSeconds).toBe(seconds);
  });

  it.each([
    ['the root states', 'time="9"', 'time="5"', 9],
    ['its suites state', '', 'time="5"', 5],
    ['its cases add up to', '', '', 3],
    ['its cases add up to if the rest is 0', 'time="0"', 'time="0.000"', 3],
  ])('takes as long as %s', async (_, root, inner, seconds) => {
    const report = await readText(
      `<testsuites ${root}><testsuite name="s" ${inner}><testcase name="a" time="1"/><testcase name="b" time="2"/></testsuite></testsuites>`,
    );

    expect(report.totals.durationSeconds).toBe(seconds);
  });

  it.each([
    ['2026-11-21T07:00:00', '2026-11-21T07:00:00.000Z'],
    ['2026-11-21T09:00:00.5+02:00', '2026-11-21T07:00:00.500Z'],
    ['2026-11-21T07:00:00.123456', '2026-11-21T07:00:00.123Z'],
    ['0001-01-01T00:00:00Z', undefined],
    ['1970-01-01T00:00:00', undefined],
    ['yesterday', undefined],
  ])('reads timestamp="%s" as %s', async (timestamp, expected) => {
    const report = await readText(
      suite('', `name="s" timestamp="${timestamp}"`),
    );

    expect(report.measuredAt).toBe(expected);
  });

  it('was measured when the first suite began', async () => {
    const report = await readText(
      `<testsuites>${['09', '07', '08']
        .map(hour => `<testsuite timestamp="2026-11-21T${hour}:00:00Z"/>`)
        .join('')}</testsuites>`,
    );

    expect(report.measuredAt).toBe('2026-11-21T07:00:00.000Z');
  });
});
