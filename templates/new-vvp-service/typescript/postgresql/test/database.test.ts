import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { test } from 'node:test';
import { checks } from '../src/checks.ts';

async function listening() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    server,
    environment: { DATABASE_URL: `postgresql://service@127.0.0.1:${port}/db` },
  };
}

test('finds the database', async () => {
  const { server, environment } = await listening();
  try {
    await checks.database?.(environment);
  } finally {
    server.close();
  }
});

test('says that it does not answer', async () => {
  const { server, environment } = await listening();
  server.close();
  await once(server, 'close');

  await assert.rejects(async () => checks.database?.(environment));
});

test('says that nobody told where it is', async () => {
  await assert.rejects(async () => checks.database?.({}), /DATABASE_URL/);
});
