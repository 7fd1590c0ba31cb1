import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, mock, test } from 'node:test';
import {
  printValidationReport,
  readValidationReports,
} from './validationReport.mjs';

const complete = {
  rest: { 'repos/get-content': 2 },
  webhooks: { 'workflow_job.completed': 5 },
  violations: [],
  unvalidated: [],
};

let directory;

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'deploy-validation-'));
  mock.method(console, 'log', () => {});
});

afterEach(async () => {
  mock.restoreAll();
  await rm(directory, { recursive: true, force: true });
});

test('adds up what every test left behind', async () => {
  await writeFile(path.join(directory, 'a.json'), JSON.stringify(complete));
  await writeFile(
    path.join(directory, 'b.json'),
    JSON.stringify({
      rest: { 'repos/get-content': 1, 'git/get-tree': 1 },
      webhooks: {},
      cloud: { 'a vendor': { UpdateService: 2 } },
      violations: ['wrong'],
      unvalidated: ['GET /nothing'],
    }),
  );
  await writeFile(
    path.join(directory, 'c.json'),
    JSON.stringify({
      cloud: {
        'a vendor': { UpdateService: 1 },
        'another vendor': { 'apps.get': 4 },
      },
      violations: [],
      unvalidated: [],
    }),
  );

  assert.deepEqual(await readValidationReports(directory), {
    rest: { 'repos/get-content': 3, 'git/get-tree': 1 },
    webhooks: { 'workflow_job.completed': 5 },
    cloud: {
      'a vendor': { UpdateService: 3 },
      'another vendor': { 'apps.get': 4 },
    },
    violations: ['wrong'],
    unvalidated: ['GET /nothing'],
  });
});

test('is content with calls that were all validated', () => {
  assert.equal(printValidationReport(complete), true);
});

for (const [what, difference] of [
  ['a violation', { violations: ['wrong'] }],
  ['a call validated by nothing', { unvalidated: ['GET /nothing'] }],
  ['no call at all', { rest: {} }],
  ['no webhook at all', { webhooks: {} }],
]) {
  test(`is not content with ${what}`, () => {
    assert.equal(printValidationReport({ ...complete, ...difference }), false);
  });
}
