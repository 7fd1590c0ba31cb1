import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkNodeVersion, satisfies } from './nodeVersion.mjs';

const range = '^20.19 || 22 || 24';

for (const [version, expected] of [
  ['20.19.0', true],
  ['20.20.2', true],
  ['20.18.1', false],
  ['18.20.0', false],
  ['21.7.0', false],
  ['22.0.0', true],
  ['24.11.1', true],
]) {
  test(`Node ${version} ${expected ? 'is' : 'is not'} in ${range}`, () => {
    assert.equal(satisfies(version, range), expected);
  });
}

test('an old Node is told which one is needed', async () => {
  await assert.rejects(
    checkNodeVersion('18.20.0'),
    /needs Node .*20.*this is Node 18\.20\.0/,
  );
});
