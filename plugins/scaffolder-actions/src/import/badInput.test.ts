import { parsePipelineSpec } from '@vvp/backstage-plugin-deploy-common';
import { importing, itemAt } from './__testUtils__/importing';
import { importWorkflows } from './importWorkflows';

/** A workflow that tests and deploys, with lines of a job put in. */
function workflow(job: readonly string[] = [], top: readonly string[] = []) {
  return [
    'on: push',
    ...top,
    'jobs:',
    '  deploy:',
    '    runs-on: ubuntu-24.04',
    ...job.map(line => `    ${line}`),
    '    steps:',
    '      - run: az containerapp update --name shop --resource-group shops',
  ].join('\n');
}

function refusalOf(text: string) {
  const result = importWorkflows([{ file: 'deploy.yml', text }]);
  return 'findings' in result ? result.findings[0] : undefined;
}

describe('an import of what is not good', () => {
  it.each([
    ['nothing at all', '', 1, 'It holds no mapping'],
    ['a text', 'hello', 1, 'It holds no mapping'],
    [
      'another YAML file',
      'name: x\nversion: 3',
      1,
      'there is no "on" and no "jobs"',
    ],
    [
      'a program',
      `\u007fELF\u0002\u0001\u0000\u0000`,
      1,
      'the file is no text',
    ],
    ['broken YAML', 'on: push\njobs: [', 2, 'Flow sequence'],
    ['no jobs', 'on: push\njobs: {}', 2, '"jobs" holds no job'],
    [
      'a job that is a text',
      'on: push\njobs:\n  a: b',
      3,
      'the job "a" is no mapping',
    ],
    [
      '5,000 lines',
      workflow(Array(5000).fill('# more')),
      4001,
      'the workflow has 50',
    ],
    ['more than 1 MiB', `# ${'x'.repeat(1024 * 1024)}`, 1, 'larger than 1 MiB'],
    [
      'deep nesting',
      `on: push\njobs:\n  a: ${'['.repeat(200)}${']'.repeat(200)}`,
      1,
      'nested too deeply',
    ],
    ['very deep nesting', `on: push\njobs:\n  a: ${'['.repeat(50_000)}`, 1, ''],
    [
      'a merge key',
      workflow(['env: &env { A: b }', 'defaults:', '  <<: *env']),
      7,
      'the merge key "<<" is not known to GitHub',
    ],
    [
      'on that became true',
      'true: push\njobs:\n  a: {}',
      1,
      'there is a key "true"',
    ],
    [
      'the same key twice',
      'on: push\non: push\njobs: {}',
      2,
      'Map keys must be unique',
    ],
    [
      'a need that is not there',
      workflow(['needs: tests']),
      3,
      'needs "tests", and there is no such job',
    ],
    [
      'a job that waits for itself',
      workflow(['needs: [deploy]']),
      3,
      'the job "deploy" waits for itself',
    ],
    [
      'a circle of needs',
      'on: push\njobs:\n  a: { needs: c }\n  b: { needs: a }\n  c: { needs: b }',
      3,
      'the job "a" waits for itself',
    ],
    [
      'too many aliases',
      `on: push\nenv:\n  A: &a x\n${Array.from(
        { length: 101 },
        (_, index) => `  B${index}: *a`,
      ).join('\n')}\njobs: {}`,
      104,
      'more than 100 aliases',
    ],
    [
      'aliases of aliases',
      `on: push\na: &a [${Array(90).fill('x')}]\nb: &b [${Array(40).fill(
        '*a',
      )}]\nc: [${Array(40).fill('*b')}]\njobs: {}`,
      1,
      'alias',
    ],
  ])('refuses %s, with line and remedy', (_, text, line, message) => {
    const refusal = refusalOf(text);

    expect(refusal).toMatchObject({
      file: 'deploy.yml',
      line,
      message: expect.stringContaining(message),
      remedy: expect.stringMatching(/\.$|:$/),
    });
  });

  it('refuses no files and too many', () => {
    const many = Array.from({ length: 51 }, (_, index) => ({
      file: `${index}.yml`,
      text: workflow(),
    }));

    expect(importWorkflows([])).toMatchObject({
      findings: [{ message: 'there is no workflow' }],
    });
    expect(importWorkflows(many)).toMatchObject({
      findings: [
        { file: '50.yml', message: expect.stringContaining('no more than 50') },
      ],
    });
  });

  it('takes nothing of several files if one cannot be read', () => {
    expect(
      importWorkflows([
        { file: 'good.yml', text: workflow() },
        { file: 'bad.yml', text: 'on: push' },
      ]),
    ).toEqual({ findings: [expect.objectContaining({ file: 'bad.yml' })] });
  });

  it('follows anchors, as GitHub does', () => {
    const text = workflow(
      [],
      ['env:', '  REGION: &where shops', '  OTHER: *where'],
    ).replace('--resource-group shops', '--resource-group $OTHER');
    const { spec, report } = importing([{ file: 'deploy.yml', text }]);

    expect(spec.services[0].environments[0].target).toMatchObject({
      resourceGroup: 'shops',
    });
    expect(itemAt(report.items, '/env/OTHER')).toMatchObject({
      disposition: 'imported',
    });
  });

  it.each([
    ['3.10', 'is the number 3.1 to GitHub'],
    ['012', 'is the number 12 to GitHub'],
    ['0o17', 'is the number 15 to GitHub'],
    ['no', 'is a text to GitHub, and true or false to YAML 1.1'],
  ])('does not believe the version %s', (version, message) => {
    const text = workflow().replace(
      '      - run: az',
      [
        '      - uses: actions/setup-python@v5',
        `        with: { python-version: ${version} }`,
        '      - run: pytest',
        '      - run: az',
      ].join('\n'),
    );
    const { spec, report } = importing([{ file: 'deploy.yml', text }]);

    expect(spec.services[0].test?.version).toBeUndefined();
    expect(
      itemAt(report.items, '/jobs/deploy/steps/0/with/python-version'),
    ).toMatchObject({
      disposition: 'unsupported',
      message: `${version} ${message}`,
      remedy: 'Put it in quotes, and import the workflow again.',
      line: 7,
    });
  });

  it('writes what both versions of YAML read alike', () => {
    const text = workflow().replace(
      'shops',
      'shops --set-env-vars SEND=no AT=012 ON=on',
    );
    const { text: written } = importing([{ file: 'deploy.yml', text }]);

    expect(written).toContain('SEND: "no"');
    expect(written).toContain('AT: "012"');
    expect(written).toContain('"ON": "on"');
    expect(parsePipelineSpec(written).ok).toBe(true);
  });

  it('says of a value that deploy.yaml refuses why it does', () => {
    const text = workflow(['environment: { url: "ftp://shop.example.test" }']);
    const { report } = importing([{ file: 'deploy.yml', text }]);

    expect(itemAt(report.items, '/jobs/deploy/environment/url')).toMatchObject({
      disposition: 'unsupported',
      message: expect.stringContaining(
        'spec.services.shop.environments.production.url',
      ),
      remedy: expect.any(String),
    });
  });
});
