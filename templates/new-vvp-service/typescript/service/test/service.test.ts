import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { commit, createService, HEALTH_PATH, SERVICE } from '../src/service.ts';

const SHA = '0123456789abcdef0123456789abcdef01234567';

async function ask(
  path: string,
  environment: Record<string, string> = {},
  needed: Parameters<typeof createService>[1] = {},
): Promise<{ status: number; body: unknown }> {
  const service = createService(environment, needed).listen(0, '127.0.0.1');
  await once(service, 'listening');
  const { port } = service.address() as AddressInfo;
  try {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: response.status, body: await response.json() };
  } finally {
    service.closeAllConnections();
    service.close();
  }
}

test('is healthy while nothing is missing', async () => {
  assert.deepEqual(await ask(HEALTH_PATH), {
    status: 200,
    body: { status: 'ok' },
  });
});

test('says what is missing', async () => {
  const cache = () => Promise.reject(new Error('not there'));

  assert.deepEqual(await ask(HEALTH_PATH, {}, { cache }), {
    status: 503,
    body: { status: 'unhealthy', cache: 'missing' },
  });
});

test('tells the commit', async () => {
  assert.deepEqual(await ask('/version?x=1', { GIT_SHA: SHA }), {
    status: 200,
    body: { service: SERVICE, git_sha: SHA },
  });
});

test('knows nothing else', async () => {
  assert.equal((await ask('/other')).status, 404);
});

test('finds the commit in the release that it runs in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  try {
    const release = join(folder, 'releases', SHA, 'service');
    mkdirSync(release, { recursive: true });
    symlinkSync(release, join(folder, 'current'));
    assert.equal(commit({}, join(folder, 'current')), SHA);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('does not make a commit up', () => {
  assert.equal(commit({}, '/'), 'unknown');
});
