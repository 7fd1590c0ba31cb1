import { EvidenceFormat } from '@vvp/backstage-plugin-deploy-common';
import { parseText } from '../__testUtils__/reports';

const cobertura = (line: string, root = 'line-rate="1"') =>
  `<coverage ${root}>\n<packages><package name="a"><classes>\n<class filename="a.py"><lines>\n${line}\n</lines></class></classes></package></packages></coverage>`;

const jacoco = (line: string) =>
  `<report name="a">\n<package name="a">\n<sourcefile name="A.java">\n${line}\n</sourcefile></package></report>`;

const clover = (content: string, version = 'clover="4.4"') =>
  `<coverage generated="1" ${version}>\n<project>\n<file name="a.php">\n${content}\n</file></project></coverage>`;

const lcov = (record: string) => `TN:\nSF:a.ts\n${record}\nend_of_record\n`;

const goCover = (block: string) => `mode: set\n${block}\n`;

const statement = '{"0":{"start":{"line":1},"end":{"line":1}}}';
const istanbul = (content: string) => `{"a.ts":{"path":"a.ts",${content}}}`;

const summary = (covered: string, total = '10') => {
  const count = `{"total":${total},"covered":${covered},"skipped":0,"pct":70}`;
  return `{"a.ts":{"lines":${count},"functions":${count},"branches":${count}}}`;
};

const coveragePy = (file: string, meta = '"version":"7.6.1","format":3') =>
  `{"meta":{${meta}},"files":{"a.py":${file}},"totals":{"covered_lines":1,"num_statements":1}}`;

const pySummary = (covered: string) =>
  `{"executed_lines":[1],"missing_lines":[],"summary":{"covered_lines":${covered},"num_statements":1}}`;

const tarpaulin = (trace: string, counts = '"covered":1,"coverable":1') =>
  `{"files":[{"path":["src","a.rs"],"content":"","traces":[${trace}],${counts}}]}`;

const bad: [
  what: string,
  format: EvidenceFormat,
  text: string,
  place: string,
][] = [
  [
    'a negative count',
    'cobertura',
    cobertura('<line number="1" hits="-1"/>'),
    'Line 4, hits: "-1"',
  ],
  [
    'NaN',
    'cobertura',
    cobertura('<line number="1" hits="NaN"/>'),
    'Line 4, hits: "NaN"',
  ],
  [
    'no hits',
    'cobertura',
    cobertura('<line number="1"/>'),
    'Line 4, hits: a missing value',
  ],
  [
    'a number with a sign',
    'cobertura',
    cobertura('<line number="1%" hits="1"/>'),
    'Line 4, number: "1%"',
  ],
  [
    'a line beyond any file',
    'cobertura',
    cobertura('<line number="10000001" hits="1"/>'),
    'Line 4, number',
  ],
  [
    'a rate of 1.7',
    'cobertura',
    cobertura('', 'line-rate="1.7"'),
    'Line 1, line-rate: "1.7"',
  ],
  [
    'a rate in percent',
    'cobertura',
    cobertura('', 'line-rate="79%"'),
    'Line 1, line-rate: "79%"',
  ],
  [
    'a rate that is NaN',
    'cobertura',
    cobertura('', 'branch-rate="NaN"'),
    'Line 1, branch-rate: "NaN"',
  ],
  [
    'a rate of a class',
    'cobertura',
    cobertura('').replace('filename', 'line-rate="-0.5" filename'),
    'Line 3, line-rate: "-0.5"',
  ],
  [
    'more covered than there is',
    'cobertura',
    cobertura('', 'lines-covered="3" lines-valid="2"'),
    'Line 1, lines-covered: 3 covered of 2',
  ],
  [
    'a negative sum',
    'cobertura',
    cobertura('', 'lines-covered="-3" lines-valid="2"'),
    'Line 1, lines-covered: "-3"',
  ],
  [
    'more branches than there are',
    'cobertura',
    cobertura(
      '<line number="1" hits="1" branch="true" condition-coverage="150% (3/2)"/>',
    ),
    'Line 4, condition-coverage: 3 covered of 2',
  ],
  [
    'branches in percent only',
    'cobertura',
    cobertura(
      '<line number="1" hits="1" branch="true" condition-coverage="50%"/>',
    ),
    'Line 4, condition-coverage: "50%"',
  ],
  [
    'a class without a file',
    'cobertura',
    cobertura('').replace('filename', 'name'),
    'Line 3, filename',
  ],
  [
    'a line outside of a class',
    'cobertura',
    '<coverage>\n<line number="1" hits="1"/></coverage>',
    'Line 2: a <line> outside',
  ],
  [
    'another root',
    'cobertura',
    '<report/>',
    'Line 1: <report> is not the root',
  ],
  [
    'a truncated file',
    'cobertura',
    cobertura('').slice(0, 60),
    'of the XML: unclosed tag',
  ],

  [
    'a negative count',
    'jacoco',
    jacoco('<line nr="1" mi="-1" ci="0" mb="0" cb="0"/>'),
    'Line 4, mi: "-1"',
  ],
  [
    'a missing count',
    'jacoco',
    jacoco('<line nr="1" mi="1" ci="0" mb="0"/>'),
    'Line 4, cb: a missing value',
  ],
  [
    'a counter in percent',
    'jacoco',
    jacoco('<counter type="LINE" covered="79%" missed="0"/>'),
    'Line 4, covered: "79%"',
  ],
  [
    'a file without a name',
    'jacoco',
    jacoco('').replace('name="A.java"', ''),
    'Line 3, name',
  ],
  [
    'a line outside of a file',
    'jacoco',
    '<report>\n<line nr="1"/></report>',
    'Line 2: a <line> outside',
  ],
  [
    'another root',
    'jacoco',
    '<coverage/>',
    'Line 1: <coverage> is not the root',
  ],

  [
    'a negative count',
    'clover',
    clover('<line num="1" type="stmt" count="-2"/>'),
    'Line 4, count: "-2"',
  ],
  [
    'more covered than there is',
    'clover',
    clover('<metrics statements="1" coveredstatements="2"/>'),
    'Line 4, coveredstatements: 2 covered of 1',
  ],
  [
    'sums in percent',
    'clover',
    clover(
      '<metrics statements="1" coveredstatements="1" methods="2" coveredmethods="50%"/>',
    ),
    'Line 4, coveredmethods: "50%"',
  ],
  [
    'another version',
    'clover',
    clover('', 'clover="17.0"'),
    'Line 1, clover: version "17.0" is not read; 1 to 4 are',
  ],
  [
    'a line outside of a file',
    'clover',
    '<coverage>\n<line num="1" count="1"/></coverage>',
    'Line 2: a <line> outside',
  ],
  ['another root', 'clover', '<report/>', 'Line 1: <report> is not the root'],

  ['a negative count', 'lcov', lcov('DA:1,-1'), 'Line 3, DA: "-1"'],
  ['a line without hits', 'lcov', lcov('DA:1'), 'Line 3, DA: a missing value'],
  ['a percent sign', 'lcov', lcov('LF:79%'), 'Line 3, LF: "79%"'],
  ['NaN', 'lcov', lcov('DA:NaN,1'), 'Line 3, DA: "NaN"'],
  [
    'more covered than there is',
    'lcov',
    lcov('LF:1\nLH:2'),
    'Line 5, LH: 2 covered of 1',
  ],
  ['a branch without parts', 'lcov', lcov('BRDA:1'), 'Line 3, BRDA'],
  [
    'a branch taken a negative time',
    'lcov',
    lcov('BRDA:1,0,0,-1'),
    'Line 3, BRDA: "-1"',
  ],
  [
    'a function without a name',
    'lcov',
    lcov('FN:1'),
    'Line 3, FN: needs two values',
  ],
  [
    'hits of an unknown function',
    'lcov',
    lcov('FNA:3,1,f'),
    'Line 3, FNA: no FNL',
  ],
  [
    'an unknown record',
    'lcov',
    lcov('XY:1'),
    'Line 3: "XY" is no record of LCOV',
  ],
  [
    'a record outside of a file',
    'lcov',
    'DA:1,1\n',
    'Line 1: "DA:1,1" outside of a record',
  ],
  [
    'an end without a beginning',
    'lcov',
    'end_of_record\n',
    'Line 1: end_of_record without SF',
  ],
  [
    'a truncated file',
    'lcov',
    'SF:a.ts\nDA:1,1\n',
    'Line 2: the file ends before end_of_record',
  ],
  ['no record', 'lcov', 'TN:\n', 'Line 1: the file has no SF record'],
  [
    'a line without end',
    'lcov',
    `SF:${'a'.repeat(1_100_000)}`,
    'Line 1: longer than',
  ],

  [
    'another mode',
    'go-cover',
    'mode: wild\n',
    'Line 1: "mode: wild" is not a mode',
  ],
  ['no mode', 'go-cover', 'a.go:1.1,2.2 1 1\n', 'Line 1'],
  [
    'a negative count',
    'go-cover',
    goCover('a.go:1.1,2.2 1 -1'),
    'Line 2, count: "-1"',
  ],
  [
    'a percent sign',
    'go-cover',
    goCover('a.go:1.1,2.2 79% 1'),
    'Line 2, statements: "79%"',
  ],
  [
    'a block that ends before it begins',
    'go-cover',
    goCover('a.go:3.1,2.2 1 1'),
    'Line 2: a block from 3 to 2',
  ],
  [
    'a block of a million lines',
    'go-cover',
    goCover('a.go:1.1,1000000.2 1 1'),
    'Line 2: a block from 1',
  ],
  [
    'a truncated line',
    'go-cover',
    goCover('a.go:1.1,2'),
    'Line 2: "a.go:1.1,2" is not like',
  ],
  [
    'a block of two sizes',
    'go-cover',
    goCover('a.go:1.1,2.2 1 1\na.go:1.1,2.2 2 1'),
    'Line 3: the block had 1 statements',
  ],

  [
    'a negative count',
    'istanbul',
    istanbul(`"statementMap":${statement},"s":{"0":-1},"f":{},"b":{}`),
    'a.ts.s.0: -1',
  ],
  [
    'a missing count',
    'istanbul',
    istanbul(`"statementMap":${statement},"s":{},"f":{},"b":{}`),
    'a.ts.s.0: a missing value',
  ],
  [
    'hits without a place',
    'istanbul',
    istanbul(`"statementMap":{},"s":{"7":1},"f":{},"b":{}`),
    'a.ts.s: "7" has hits',
  ],
  [
    'a line that is none',
    'istanbul',
    istanbul(
      `"statementMap":{"0":{"start":{"line":"x"}}},"s":{"0":1},"f":{},"b":{}`,
    ),
    'a.ts.statementMap.0.start.line: "x"',
  ],
  [
    'functions in percent',
    'istanbul',
    istanbul(`"statementMap":{},"s":{},"f":{"0":"79%"},"b":{}`),
    'a.ts.f.0: "79%"',
  ],
  [
    'branches that are no list',
    'istanbul',
    istanbul(`"statementMap":{},"s":{},"f":{},"b":{"0":1}`),
    'a.ts.b.0: a list is missing',
  ],
  [
    'no statements',
    'istanbul',
    istanbul('"s":{},"f":{},"b":{}'),
    'a.ts.statementMap: an object is missing',
  ],
  [
    'NaN',
    'istanbul',
    istanbul('"s":{"0":NaN}'),
    'Line 1 of the JSON: unexpected N',
  ],

  ['a negative count', 'istanbul-summary', summary('-1'), 'a.ts.lines: -1'],
  ['a percent sign', 'istanbul-summary', summary('"70%"'), 'a.ts.lines: "70%"'],
  [
    'more covered than there is',
    'istanbul-summary',
    summary('11'),
    'a.ts.lines: 11 covered of 10',
  ],
  [
    'a number too large',
    'istanbul-summary',
    summary('1e999'),
    'Line 1 of the JSON: a number is too large',
  ],
  [
    'no lines',
    'istanbul-summary',
    '{"a.ts":{"branches":{}}}',
    'a.ts.lines: an object is missing',
  ],
  ['a list', 'istanbul-summary', '[1]', '0: an object is missing'],

  [
    'another version',
    'coverage-py',
    coveragePy('{}', '"format":9'),
    'meta.format: version 9 is not read; 1 to 3 are',
  ],
  [
    'a negative count',
    'coverage-py',
    coveragePy(pySummary('-1')),
    'files.a.py.summary.covered_lines: -1',
  ],
  [
    'a percent sign',
    'coverage-py',
    coveragePy(pySummary('"79%"')),
    'files.a.py.summary.covered_lines: "79%"',
  ],
  [
    'more covered than there is',
    'coverage-py',
    coveragePy(pySummary('2')),
    'files.a.py.summary.covered_lines: 2 covered of 1',
  ],
  [
    'no lines',
    'coverage-py',
    coveragePy(pySummary('1').replace('executed_lines', 'x')),
    'files.a.py.executed_lines: a list is missing',
  ],
  [
    'no totals',
    'coverage-py',
    '{"meta":{"format":3},"files":{}}',
    'totals: missing',
  ],
  ['no meta', 'coverage-py', '{}', 'meta: missing'],

  [
    'a negative count',
    'tarpaulin',
    tarpaulin('{"line":1,"stats":{"Line":-1}}'),
    'files.0.traces.0.stats.Line: -1',
  ],
  [
    'a percent sign',
    'tarpaulin',
    tarpaulin('', '"covered":"79%","coverable":1'),
    'files.0.coverable: "79%"',
  ],
  [
    'more covered than there is',
    'tarpaulin',
    tarpaulin('', '"covered":2,"coverable":1'),
    'files.0.coverable: 2 covered of 1',
  ],
  [
    'no stats',
    'tarpaulin',
    tarpaulin('{"line":1}'),
    'files.0.traces.0.stats: an object is missing',
  ],
  [
    'traces before the path',
    'tarpaulin',
    '{"files":[{"traces":[{"line":1,"stats":{"Line":1}}]}]}',
    'files.0.traces.0: the path',
  ],
  ['no file', 'tarpaulin', '{"files":[]}', 'files: the report has none'],
];

describe('bad coverage reports', () => {
  it.each(bad)('refuses %s in %s', async (_, format, text, place) => {
    const reading = parseText(text, { format });

    await expect(reading).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(place),
    });
  });

  it('refuses more files than it can keep', async () => {
    const records = Array.from(
      { length: 100_001 },
      (_, index) => `SF:${index}\nend_of_record\n`,
    );

    await expect(parseText(records.join(''))).rejects.toThrow(
      'Line 200001, SF: a report of more than 100000 files is not read',
    );
  });

  it('refuses more lines than it can keep', async () => {
    const blocks = Array.from(
      { length: 101 },
      (_, index) => `${index}.go:1.1,100000.2 1 1\n`,
    );

    await expect(parseText(goCover(blocks.join('')))).rejects.toThrow(
      'A report of more than 10000000 lines is not read',
    );
  });
});
