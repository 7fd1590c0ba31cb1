import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseChange } from './parseChange';

describe('parseChange', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parse-change-'));
    git('init', '--quiet');
  });

  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function git(...words: string[]): string {
    return execFileSync(
      'git',
      ['-c', 'user.name=dana', '-c', 'user.email=dana@example.test', ...words],
      { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
    );
  }

  function write(files: Record<string, string | Buffer>) {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
  }

  function commit() {
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', 'a change');
  }

  /** What git itself says about a change from one set of files to another. */
  function diffOf(
    before: Record<string, string | Buffer>,
    after: Record<string, string | Buffer>,
    change: () => void = () => {},
  ): string {
    write(before);
    commit();
    write(after);
    change();
    commit();
    return git('diff', '--find-renames', 'HEAD~1', 'HEAD');
  }

  it.each([
    ['changed and added lines', 'a\nb\nc\n', 'a\nB\nc\nd\n', [2, 4]],
    ['removed lines only', 'a\nb\nc\n', 'a\nc\n', []],
    [
      'two hunks',
      `a\n${'x\n'.repeat(20)}b\n`,
      `A\n${'x\n'.repeat(20)}B\n`,
      [1, 22],
    ],
    ['no end of line before', 'a', 'a\nb\n', [1, 2]],
    ['no end of line after', 'a\n', 'a\nb', [2]],
    [
      'lines that look like headers',
      'keep\n-- a\n',
      'keep\n++ b/x\ndiff --git a/x b/x\n@@ -1 +1 @@\n',
      [2, 3, 4],
    ],
    ['carriage returns', 'a\r\nb\r\n', 'a\r\nB\r\n', [2]],
    ['an emptied file', 'a\nb\n', '', []],
  ])('reads %s', (_name, before, after, addedLines) => {
    const diff = diffOf({ 'a.txt': before }, { 'a.txt': after });

    const files = parseChange(diff);

    expect(files).toEqual([{ path: 'a.txt', addedLines }]);
  });

  it.each([
    'with space.txt',
    'a b/b c b/a b.txt',
    'quo"te.txt',
    "apostrophe's.txt",
    'back\\slash.txt',
    'tab\tname.txt',
    'line\nbreak.txt',
    'ünïcödé/日本.txt',
    '2026-01-05 12:00:00 +0000.txt',
    'trailing space ',
    'a/b/a/b',
    '-dash',
    '\u2028@@ -1 +1 @@',
  ])('reads the path %j', path => {
    const diff = diffOf({ [path]: 'a\n' }, { [path]: 'a\nb\n' });

    const files = parseChange(diff);

    expect(files).toEqual([{ path, addedLines: [2] }]);
  });

  it.each(['plain.dat', 'with space b/with space.dat', 'ünï "x".dat'])(
    'reads the path of the binary file %j',
    path => {
      const diff = diffOf(
        { [path]: Buffer.from([0, 1, 2, 3]) },
        { [path]: Buffer.from([0, 3, 2, 1]) },
      );

      const files = parseChange(diff);

      expect(diff).toContain('Binary files');
      expect(files).toEqual([{ path, addedLines: [] }]);
    },
  );

  it.each([
    ['as it was', 'old name.txt', 'new ünï.txt', '', []],
    ['with a change', 'old.txt', 'new name.txt', 'added\n', [11]],
  ])(
    'reads a file that was renamed %s',
    (_name, from, to, added, addedLines) => {
      const content = '1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n';

      const diff = diffOf({ [from]: content }, {}, () => {
        renameSync(join(folder, from), join(folder, to));
        write({ [to]: content + added });
      });

      expect(parseChange(diff)).toEqual([
        { path: to, previousPath: from, addedLines },
      ]);
    },
  );

  it('reads files that come, go, are empty or change their mode', () => {
    const diff = diffOf(
      { 'gone.txt': 'nothing of it stays\n', 'mode.sh': 'a\n' },
      { 'new.txt': 'a\nb\n', 'new empty.txt': '' },
      () => {
        rmSync(join(folder, 'gone.txt'));
        execFileSync('chmod', ['+x', join(folder, 'mode.sh')]);
      },
    );

    expect(parseChange(diff)).toEqual([
      { path: 'gone.txt', addedLines: [] },
      { path: 'mode.sh', addedLines: [] },
      { path: 'new empty.txt', addedLines: [] },
      { path: 'new.txt', addedLines: [1, 2] },
    ]);
  });

  it('reads nothing from nothing', () => {
    expect(parseChange('')).toEqual([]);
  });

  it.each([
    ['something else', '<html>', 'Line 1 of the diff'],
    ['a file without a path', 'diff --git \n', 'Line 1 of the diff'],
    [
      'a second file without a path',
      'diff --git a/x b/x\nold mode 1\ndiff --git nothing\n',
      'Line 3 of the diff',
    ],
    [
      'hunks that no git writes',
      'diff --git a/x b/x\n@@ -1 +1 @@\n\\ No newline at end of file\n',
      'at line 1 of the diff',
    ],
  ])('refuses %s and says where', (_name, text, message) => {
    expect(() => parseChange(text)).toThrow(message);
  });
});
