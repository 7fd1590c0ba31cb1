import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { readTail } from './logs.mjs';

test('shows what went wrong, and not the requests after it', async () => {
  const directory = await mkdtemp(path.join(tmpdir(), 'deploy-logs-'));
  const file = path.join(directory, 'backend.log');
  const requests = Array.from(
    { length: 50 },
    (_, index) => `GET /${index} \u001b[36mtype\u001b[39m="incomingRequest"`,
  );
  await writeFile(file, ['the cause', ...requests, ''].join('\n'));

  assert.equal(await readTail(file), '    the cause');
  await rm(directory, { recursive: true });
});
