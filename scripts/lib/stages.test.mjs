import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runChecks, runNode, Tally } from './stages.mjs';

const hang = ['-e', 'setInterval(() => {}, 1000)'];

test('gives the exit code of a program', async () => {
  assert.equal(await runNode(['-e', 'process.exit(3)']), 3);
  assert.equal(await runNode(['-e', '']), 0);
});

test('stops a program whose time is up', async () => {
  assert.equal(await runNode(hang, { limitMinutes: 0.005 }), undefined);
});

test('counts a check that hangs twice as failed', async () => {
  const tally = new Tally();

  await runChecks(
    tally,
    [
      ['hangs', ...hang],
      ['ends', '-e', ''],
    ],
    { limitMinutes: 0.02 },
  );

  assert.equal(String(tally), '1 passed, 1 failed, 0 skipped');
});

test('gives what a program prints, to the last line', async () => {
  let output = '';

  await runNode(['-e', 'console.log("one"); console.error("two")'], {
    onOutput: chunk => {
      output += chunk;
    },
  });

  assert.deepEqual(output.trim().split('\n').sort(), ['one', 'two']);
});
