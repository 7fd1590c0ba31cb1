import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, beforeEach, test } from 'node:test';
import { findFreePort, readPort, requireFreePort } from './ports.mjs';

let server;

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.close();
});

test('a taken port is refused, with the variable to set', async () => {
  const { port } = server.address();

  await assert.rejects(
    requireFreePort(port, 'PORT', 'the portal'),
    new RegExp(`Port ${port}, for the portal, .*PORT=${port + 1} npm start`),
  );
});

test('a free port is accepted', async () => {
  await requireFreePort(await findFreePort(), 'PORT', 'the portal');
});

for (const value of ['0', '65536', 'http', '3.5', '-1']) {
  test(`'${value}' is no port`, () => {
    process.env.SOME_PORT = value;

    assert.throws(() => readPort('SOME_PORT', 3000), /SOME_PORT is/);
  });
}

test('without the variable the port is the default one', () => {
  delete process.env.SOME_PORT;

  assert.equal(readPort('SOME_PORT', 3000), 3000);
});
