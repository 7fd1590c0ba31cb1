#!/usr/bin/env node
const { existsSync } = require('node:fs');
const path = require('node:path');

// In its own repository there is nothing built: the sources run as they are.
const source = path.resolve(__dirname, '../src/cli/index.ts');
if (existsSync(source)) {
  require('tsx/cjs');
}
const { run } = require(existsSync(source)
  ? source
  : path.resolve(__dirname, '../dist/cli.cjs.js'));

run(process.argv.slice(2), {
  out: text => process.stdout.write(`${text}\n`),
  error: text => process.stderr.write(`${text}\n`),
}).then(code => {
  process.exitCode = code;
});
