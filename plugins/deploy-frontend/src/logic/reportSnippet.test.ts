import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { reportSnippet } from './reportSnippet';

const ROOT = resolve(__dirname, '../../../..');

const snippet = reportSnippet({
  entityRef: 'component:default/vvp-verifier',
  portal: 'https://portal.example.test/api/deploy',
});

describe('the jobs that measure and report', () => {
  it('are those of the papers', () => {
    const page = readFileSync(
      resolve(ROOT, 'docs/evidence-authentication.md'),
      'utf8',
    );

    expect(page).toContain(`\`\`\`yaml\n${snippet}\`\`\``);
  });

  it('are made as generated ones: the same pins, and the same moment to report', () => {
    const generated = readFileSync(
      resolve(ROOT, 'examples/vvp/.github/workflows/deploy.yml'),
      'utf8',
    ).replaceAll('test-verifier', 'test');
    const lines = snippet
      .split('\n')
      .filter(line =>
        /^( {4}if| +(uses|pattern|name: test-reports))\b/.test(line),
      );

    expect(lines).toHaveLength(6);
    expect(generated.split('\n')).toEqual(expect.arrayContaining(lines));
  });

  it('give a token to the job alone that runs nothing of the tests', () => {
    const [test, report] = snippet.split('\n  test-report:\n');

    expect(test).not.toContain('id-token');
    expect(report).toContain('    permissions:\n      id-token: write\n');
    expect(report).not.toContain('pytest');
  });
});
