import { EvidenceFormat } from '@vvp/backstage-plugin-deploy-common';
import { parseText } from '../__testUtils__/reports';
import { CoverageReport } from '../types';

async function parse(
  format: EvidenceFormat,
  text: string,
): Promise<CoverageReport> {
  const report = await parseText(text, { format });
  return report as CoverageReport;
}

describe('files that a report tells of more than once', () => {
  it('joins the classes of a Cobertura file', async () => {
    const line = (number: number, hits: number, branches = '') =>
      `<line number="${number}" hits="${hits}" ${branches}/>`;
    const half = 'branch="true" condition-coverage="50% (1/2)"';
    const { files, totals } = await parse(
      'cobertura',
      `<coverage><packages><package name="a"><classes>
        <class name="A" filename="a.cs"><methods><method name="m"><lines>${line(
          1,
          1,
        )}${line(2, 0)}</lines></method></methods>
          <lines>${line(1, 1, half)}${line(2, 0)}</lines></class>
        <class name="A/B" filename="a.cs"><methods><method name="n"><lines>${line(
          3,
          0,
        )}</lines></method></methods>
          <lines>${line(2, 4)}${line(1, 1, half)}${line(3, 0)}</lines></class>
      </classes></package></packages></coverage>`,
    );

    expect(files).toEqual([
      {
        path: 'a.cs',
        package: 'a',
        lines: { covered: 2, total: 3 },
        branches: { covered: 1, total: 2 },
        functions: { covered: 1, total: 2 },
        coveredLines: [1, 2],
        missedLines: [3],
      },
    ]);
    expect(totals.lines).toEqual({ covered: 2, total: 3 });
  });

  it('takes the lines of methods where a Cobertura class has no others', async () => {
    const { files } = await parse(
      'cobertura',
      `<coverage><packages><package name="a"><classes><class filename="a.cs"><methods>
        <method name="m"><lines><line number="4" hits="1"/><line number="5" hits="0"/></lines></method>
      </methods></class></classes></package></packages></coverage>`,
    );

    expect(files).toMatchObject([{ coveredLines: [4], missedLines: [5] }]);
  });

  it('takes the stated sum of a Cobertura report without files', async () => {
    const { files, totals } = await parse(
      'cobertura',
      '<coverage lines-covered="7" lines-valid="9"><packages/></coverage>',
    );

    expect(files).toEqual([]);
    expect(totals).toEqual({ lines: { covered: 7, total: 9 } });
  });

  it('joins the records of an LCOV file', async () => {
    const { files } = await parse(
      'lcov',
      [
        'TN:first\nSF:a.c\nFN:1,f\nFN:5,g\nFNDA:2,f\nFNDA:0,g\nDA:1,2\nDA:2,0\nBRDA:1,0,0,2\nBRDA:1,0,1,0\nBRDA:2,e0,0,-\nend_of_record',
        'TN:second\nSF:a.c\nFN:1,f\nFN:5,g\nFNDA:0,f\nFNDA:1,g\nDA:1,0\nDA:5,1\nBRDA:1,0,0,0\nBRDA:1,0,1,3\nBRDA:2,e0,0,-\nend_of_record\n',
      ].join('\n'),
    );

    expect(files).toEqual([
      {
        path: 'a.c',
        package: undefined,
        lines: { covered: 2, total: 3 },
        branches: { covered: 2, total: 3 },
        functions: { covered: 2, total: 2 },
        coveredLines: [1, 5],
        missedLines: [2],
      },
    ]);
  });

  it('counts functions of LCOV 2 by where they begin', async () => {
    const { totals } = await parse(
      'lcov',
      'SF:a.cpp\r\nFNL:0,3,7\r\nFNA:0,0,f<int>\r\nFNA:0,2,f<long>\r\nFNL:1,9\r\nFNA:1,0,g\r\nDA:3,2\r\nend_of_record\r\n',
    );

    expect(totals.functions).toEqual({ covered: 1, total: 2 });
  });

  it('takes the sums of an LCOV file that has nothing else', async () => {
    const { totals } = await parse(
      'lcov',
      'SF:a.c\nFNF:4\nFNH:1\nLF:10\nLH:7\nBRF:6\nBRH:2\nend_of_record\n',
    );

    expect(totals).toEqual({
      lines: { covered: 7, total: 10 },
      branches: { covered: 2, total: 6 },
      functions: { covered: 1, total: 4 },
    });
  });

  it('counts a block of Go once, run if any test binary ran it', async () => {
    const { files } = await parse(
      'go-cover',
      'mode: set\nm/a.go:1.1,2.5 3 0\nm/b.go:1.1,1.5 1 0\nm/a.go:1.1,2.5 3 1\nm/a.go:2.6,3.2 2 0\n',
    );

    expect(files).toMatchObject([
      {
        path: 'm/a.go',
        lines: { covered: 3, total: 5 },
        coveredLines: [1, 2],
        missedLines: [3],
      },
      { path: 'm/b.go', lines: { covered: 0, total: 1 } },
    ]);
  });

  it('leaves out of Clover the tests and the lines that methods begin in', async () => {
    const { files } = await parse(
      'clover',
      `<coverage generated="1" clover="4.4"><project><package name="a"><file name="A.java" path="/a/A.java">
        <line num="1" type="method" count="3"/><line num="2" type="stmt" count="3"/>
        <line num="3" type="cond" truecount="0" falsecount="2"/><line num="4" type="cond" truecount="0" falsecount="0"/>
      </file></package></project><testproject><file name="ATest.java"><line num="1" type="stmt" count="1"/></file></testproject></coverage>`,
    );

    expect(files).toMatchObject([
      {
        path: '/a/A.java',
        package: 'a',
        coveredLines: [2, 3],
        missedLines: [4],
      },
    ]);
  });

  it('takes the stated sums of a JaCoCo report without files', async () => {
    const { totals } = await parse(
      'jacoco',
      '<report name="a"><package name="a"><counter type="LINE" missed="9" covered="9"/></package><counter type="LINE" missed="2" covered="3"/><counter type="METHOD" missed="1" covered="0"/></report>',
    );

    expect(totals).toEqual({
      lines: { covered: 3, total: 5 },
      functions: { covered: 0, total: 1 },
    });
  });

  it('reads the total of a summary without files', async () => {
    const { totals } = await parse(
      'istanbul-summary',
      '{"total":{"lines":{"total":9,"covered":7},"branches":{"total":0,"covered":0},"functions":{"total":2,"covered":1}}}',
    );

    expect(totals).toEqual({
      lines: { covered: 7, total: 9 },
      functions: { covered: 1, total: 2 },
    });
  });

  it('reads the newer keys of tarpaulin, and branches', async () => {
    const { files } = await parse(
      'tarpaulin',
      '{"files":[{"path":["src","a.rs"],"content":"fn main() {}","traces":[{"line":1,"address":[7],"length":1,"stats":{"Line":2},"fn_name":"main"},{"line":2,"address":[],"length":0,"stats":{"Branch":{"been_true":false,"been_false":true}},"fn_name":null},{"line":3,"address":[],"length":0,"stats":{"Line":0},"fn_name":null}],"covered":2,"coverable":3}],"coverage":66.6,"covered":2,"coverable":3}',
    );

    expect(files).toMatchObject([
      { path: 'src/a.rs', coveredLines: [1, 2], missedLines: [3] },
    ]);
  });
});
