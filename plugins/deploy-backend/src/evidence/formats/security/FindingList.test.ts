import { InputError } from '@backstage/errors';
import { Finding } from '@vvp/backstage-plugin-deploy-common';
import { FindingList } from './FindingList';

const finding: Finding = {
  ruleId: 'rule',
  title: 'Something is wrong',
  severity: 'low',
  category: 'code',
  path: 'src/index.ts',
  line: 1,
  package: 'package',
  version: '1',
  suppressed: false,
};

describe('FindingList', () => {
  it.each<[string, Partial<Finding>]>([
    ['rule', { ruleId: 'other' }],
    ['path', { path: 'src/other.ts' }],
    ['line', { line: 2 }],
    ['package', { package: 'other' }],
    ['version', { version: '2' }],
  ])('keeps findings of another %s apart', (_, other) => {
    const findings = new FindingList();

    findings.add(finding);
    findings.add({ ...finding, ...other });

    expect(findings.list()).toEqual([finding, { ...finding, ...other }]);
  });

  it('keeps 50,000 findings and refuses one more', () => {
    const findings = new FindingList();
    for (let line = 1; line <= 50_000; line += 1) {
      findings.add({ ...finding, line });
    }

    findings.add(finding);
    const adding = () => findings.add({ ...finding, line: 50_001 });

    expect(findings.list()).toHaveLength(50_000);
    expect(adding).toThrow(InputError);
    expect(adding).toThrow(/more than 50000/);
  });
});
