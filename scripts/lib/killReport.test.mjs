import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, mock, test } from 'node:test';
import { printKillReport, readKillReports } from './killReport.mjs';

const clear = {
  target: 'azure-vm',
  cases: [
    { title: 'a rollback', kills: 3, outcomes: { 'succeeded, done': 3 } },
    {
      title: 'a rollback that is undone',
      kills: 2,
      outcomes: { 'failed, as-before': 2 },
    },
    {
      title: 'a rollback that is cancelled',
      kills: 1,
      outcomes: { 'cancelled, as-before': 1 },
    },
  ],
};

let lines;

beforeEach(() => {
  lines = [];
  mock.method(console, 'log', line => lines.push(line));
});

afterEach(() => mock.restoreAll());

test('reads one report for each target', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'deploy-kills-'));
  await writeFile(path.join(directory, 'a.json'), JSON.stringify(clear));

  const reports = await readKillReports(directory);
  await rm(directory, { recursive: true });

  assert.deepEqual(reports, [clear]);
  assert.deepEqual(await readKillReports(directory), []);
});

test('prints the number of kills', () => {
  const isClear = printKillReport([clear]);

  assert.equal(isClear, true);
  assert.equal(lines[0], 'azure-vm: 6 kills, 6 rolled back or as before');
});

test('fails where an operation came to no clear end, or nothing was killed', () => {
  const unclear = { title: 'x', kills: 1, outcomes: { 'failed, unclear': 1 } };

  assert.equal(printKillReport([{ target: 'ecs', cases: [unclear] }]), false);
  assert.equal(printKillReport([{ target: 'ecs', cases: [] }]), false);
  assert.equal(printKillReport([]), false);
});
