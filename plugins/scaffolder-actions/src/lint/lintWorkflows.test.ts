import { goodWorkflowBut } from './__testUtils__/goodWorkflow';
import { shellcheckProgram } from './__testUtils__/shellcheckProgram';
import { formatFindings } from './formatFindings';
import { lintWorkflows } from './lintWorkflows';

describe('lintWorkflows', () => {
  it('has nothing to say about a workflow that keeps to the rules', async () => {
    const findings = await lintWorkflows(
      [{ file: 'a.yml', text: goodWorkflowBut({}) }],
      { shellcheck: shellcheckProgram },
    );

    expect(formatFindings(findings)).toBe('');
  });

  it("tells what GitHub's parser and actionlint find", async () => {
    const findings = await lintWorkflows(
      [
        {
          file: 'a.yml',
          text: goodWorkflowBut({
            27: '    needs: tests',
            37: '      - rnu: ls',
          }),
        },
      ],
      { shellcheck: false },
    );

    expect(findings.map(({ rule, line }) => `${rule} ${line}`)).toEqual(
      expect.arrayContaining(['github 37', 'actionlint 37', 'actionlint 26']),
    );
  });

  it('has ShellCheck read every script, and tells where in the file it is, for steps that are alike, too', async () => {
    const findings = await lintWorkflows(
      [
        {
          file: 'a.yml',
          text: goodWorkflowBut({
            24: '          cd /tmp\n          rm -f $TITLE',
            37: '      - run: ls $HOME/${{ github.sha }}\n      - run: ls $HOME/${{ github.sha }}',
          }),
        },
      ],
      { shellcheck: shellcheckProgram },
    );

    expect(
      findings
        .filter(({ rule }) => rule === 'shellcheck')
        .map(({ line, column, message }) => [line, column, message]),
    ).toEqual([
      [25, 17, expect.stringContaining('(SC2086)')],
      [38, 17, expect.stringContaining('(SC2086)')],
      [39, 17, expect.stringContaining('(SC2086)')],
    ]);
  });

  it.each([
    ['nothing', '', 'It holds no mapping of keys.'],
    ['a key that is there twice', 'on: push\non: push\n', 'unique'],
    ['what is no YAML', 'on: [push\njobs: {}\n', 'must be'],
    [
      'aliases without end',
      `a: &a [x, x, x, x, x, x, x, x, x]\n${'bcdefg'
        .split('')
        .map(
          (name, index) =>
            `${name}: &${name} [${Array(9)
              .fill(`*${'abcdef'[index]}`)
              .join(', ')}]`,
        )
        .join('\n')}\n`,
      'alias',
    ],
  ])('says where %s cannot be read', async (_, text, message) => {
    const [first, ...others] = await lintWorkflows([{ file: 'a.yml', text }], {
      shellcheck: false,
    });

    expect(first.rule).toBe('yaml');
    expect(first.message.toLowerCase()).toContain(message.toLowerCase());
    expect(others).toEqual([]);
  });

  it('refuses a file that GitHub does not take, and looks at the others', async () => {
    const findings = await lintWorkflows(
      [
        { file: 'large.yml', text: `# ${'x'.repeat(1024 * 1024)}\n` },
        { file: 'a.yml', text: goodWorkflowBut({ 29: undefined }) },
      ],
      { shellcheck: false },
    );

    expect(findings.map(({ file, rule }) => `${file} ${rule}`)).toEqual([
      'a.yml job-timeout',
      'large.yml yaml',
    ]);
  });

  it('says what to install if ShellCheck is not there', async () => {
    await expect(
      lintWorkflows([{ file: 'a.yml', text: goodWorkflowBut({}) }], {
        shellcheck: 'no-such-shellcheck',
      }),
    ).rejects.toThrow(
      'no-such-shellcheck is not there. Install it (Debian: apt-get install shellcheck), or check without the scripts (--no-shellcheck).',
    );
  });
});
