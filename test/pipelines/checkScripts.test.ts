import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ScriptWorld } from './scriptWorld';

jest.setTimeout(240_000);

const CALLS = 'calls.txt';

describe('the scripts that check pull requests', () => {
  const world = new ScriptWorld();

  beforeEach(() => world.start());
  afterEach(() => world.stop());

  /** A program of that name, before all others; what it was called with stands in a file. */
  function standIn(name: string, ...lines: string[]): void {
    const file = join(world.folder, name);
    writeFileSync(
      file,
      [
        '#!/bin/bash',
        `printf '%s\\n' "$*" >>"${join(world.folder, CALLS)}"`,
        ...lines,
        '',
      ].join('\n'),
    );
    chmodSync(file, 0o755);
  }

  const run = (script: string, environment: Record<string, string>) =>
    world.run(script, {
      PATH: `${world.folder}:${process.env.PATH}`,
      ...environment,
    });
  const text = (name: string) => readFileSync(join(world.folder, name), 'utf8');
  const calls = () => text(CALLS).trim().split('\n');
  const put = (name: string, content: string) =>
    writeFileSync(join(world.folder, name), content);

  describe('terraform-plan.sh', () => {
    const plan = () =>
      run('terraform-plan.sh', {
        TERRAFORM_DIRECTORY: 'infra',
        COMMENT_FILE: 'comment.md',
      });
    const terraform = (...lines: string[]) =>
      standIn('terraform', 'case $2 in', ...lines, 'esac');

    it('writes the plan down, takes no lock and applies nothing', async () => {
      terraform(
        'init) echo "Initializing the backend..." ;;',
        'plan) echo "Plan: 1 to add, 0 to change, 0 to destroy." ;;',
      );

      const { code, output } = await plan();

      expect(code).toBe(0);
      expect(output).toContain('Plan: 1 to add');
      expect(text('comment.md')).toBe(
        '### What Terraform would change\n\n``````\nPlan: 1 to add, 0 to change, 0 to destroy.\n\n``````\n',
      );
      expect(calls()).toEqual([
        '-chdir=infra init -input=false -no-color',
        '-chdir=infra plan -input=false -no-color -lock=false',
      ]);
    });

    it.each([
      ['init', ['init) echo "Error: no such bucket" >&2; exit 1 ;;']],
      [
        'plan',
        ['init) ;;', 'plan) echo "Error: no such bucket" >&2; exit 1 ;;'],
      ],
    ])('fails with %s, and says why', async (_, lines) => {
      terraform(...lines);

      const { code } = await plan();

      expect(code).toBe(1);
      expect(text('comment.md')).toContain('The plan failed.');
      expect(text('comment.md')).toContain('Error: no such bucket');
    });

    it('stays within what GitHub takes, and lets no plan end its own frame', async () => {
      terraform(
        'init) ;;',
        'plan) echo \'``````` <img> @everybody\'; for ((i = 0; i < 4000; i++)); do echo "a line of the plan, number $i"; done ;;',
      );

      expect((await plan()).code).toBe(0);
      const comment = text('comment.md');
      expect(comment.length).toBeLessThan(65_536);
      expect(comment.match(/`{6,}/g)).toEqual(['``````', '``````']);
      expect(comment.endsWith('\n``````\n')).toBe(true);
    });
  });

  describe('image-size.sh', () => {
    const measure = (environment: Record<string, string> = {}) =>
      run('image-size.sh', {
        IMAGE: 'shop:checked',
        SIZE_REPORT: 'size.json',
        ...environment,
      });
    const docker = (line: string) => standIn('docker', line);

    it('writes the size down for the portal', async () => {
      docker('echo 123456789');

      const { code, output } = await measure();

      expect(output).toContain('shop:checked has 123 MB.');
      expect(code).toBe(0);
      expect(JSON.parse(text('size.json'))).toEqual({
        metric: 'image.size',
        value: 123456789,
        unit: 'bytes',
      });
      expect(calls()).toEqual([
        'image inspect --format {{.Size}} shop:checked',
      ]);
    });

    it.each([
      ['123456789', 0],
      ['123456788', 1],
    ])('lets %s bytes at most through: %d', async (maximum, code) => {
      docker('echo 123456789');

      const ended = await measure({ MAXIMUM_BYTES: maximum });

      expect(ended.code).toBe(code);
      expect(ended.output.includes('::error::')).toBe(code === 1);
      // The portal has it all the same.
      expect(JSON.parse(text('size.json')).value).toBe(123456789);
    });

    it('fails without an image, and writes nothing down', async () => {
      docker('echo "Error: No such image" >&2; exit 1');

      expect((await measure()).code).not.toBe(0);
      expect(existsSync(join(world.folder, 'size.json'))).toBe(false);
    });
  });

  describe('summarise-tests.sh', () => {
    const UNIT = `<testsuites><testsuite>
      <testcase classname="shop.Cart" name="adds" time="0.1"/>
      <testcase classname="shop.Cart" name="removes"><failure message="no"/></testcase>
      <testcase classname="shop.Cart" name="\`\`\`\nends &lt;b&gt;"><error/></testcase>
      <testcase classname="shop.Cart" name="later"><skipped/></testcase>
    </testsuite></testsuites>`;
    const summarise = (environment: Record<string, string> = {}) =>
      run('summarise-tests.sh', {
        TITLE: 'shop',
        TEST_REPORTS: 'unit=unit.xml integration=integration.xml',
        COVERAGE_REPORT: 'coverage.xml',
        COMMENT_FILE: 'comment.md',
        GITHUB_STEP_SUMMARY: join(world.folder, 'summary.md'),
        ...environment,
      });

    it('sums up what passed, failed and was skipped, and names what failed', async () => {
      put('unit.xml', UNIT);
      put('coverage.xml', '<coverage line-rate="0.8125"/>');

      const { code } = await summarise();

      expect(code).toBe(0);
      const comment = text('comment.md');
      expect(comment).toContain('### Tests of shop');
      expect(comment).toContain('| unit | 1 | 2 | 1 |');
      expect(comment).toContain('| integration | no report | | |');
      expect(comment).toContain('shop.Cart::removes\n');
      expect(comment).toContain('Lines covered: 81.2%');
      // A name ends no frame, and begins no line.
      expect(comment.match(/^```$/gm)).toHaveLength(2);
      expect(comment).toContain('shop.Cart:: ends <b>\n');
      expect(text('summary.md')).toBe(comment);
    });

    it('says what cannot be read, and the rest all the same', async () => {
      put('unit.xml', UNIT.slice(0, 90));
      put('integration.xml', '<testsuite><testcase name="one"/></testsuite>');
      put('coverage.xml', '<coverage line-rate="much"/>');

      const { code } = await summarise();

      expect(code).toBe(0);
      expect(text('comment.md')).toContain('| unit | not readable | | |');
      expect(text('comment.md')).toContain('| integration | 1 | 0 | 0 |');
      expect(text('comment.md')).toContain(
        'The report of the coverage is not readable.',
      );
    });

    it('needs no coverage, and no page of GitHub', async () => {
      put('unit.xml', UNIT);

      const { code } = await summarise({
        COVERAGE_REPORT: '',
        GITHUB_STEP_SUMMARY: '',
      });

      expect(code).toBe(0);
      expect(text('comment.md')).not.toContain('covered');
    });
  });
});
