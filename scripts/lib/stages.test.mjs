import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCheck, runNode, Tally } from './stages.mjs';

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

  await runCheck(tally, 'hangs', hang, { limitMinutes: 0.005 });
  await runCheck(tally, 'ends', ['-e', '']);

  assert.equal(String(tally), '1 passed, 1 failed, 0 skipped');
});
