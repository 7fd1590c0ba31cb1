import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loopbackGuardEnvironment } from './Demo';
import { Portal } from './Portal';
import { TestBrowser } from './browser';
import { requiredEnvironment } from './environment';
import { signInAs, servicePath } from './pages';

const loopbackHosts = ['localhost', '127.0.0.1', '[::1]'];

describe('the demo', () => {
  let browser: TestBrowser;

  beforeEach(async () => {
    browser = await TestBrowser.launch();
  });

  afterEach(async () => {
    await browser.close();
  });

  it('asks nothing of anyone but this machine', async () => {
    const page = await browser.newPage();
    await signInAs(page, 'Dana Reyes');

    for (const visited of [
      '/catalog',
      '/deployments',
      '/create',
      '/settings',
      servicePath('vvp-verifier'),
    ]) {
      await page.goto(`${requiredEnvironment('E2E_PORTAL_URL')}${visited}`);
      await page.getByRole('link', { name: 'Settings' }).first().waitFor();
      await page.waitForLoadState('networkidle');
    }

    const others = browser.requestedUrls.filter(
      url => !loopbackHosts.includes(url.hostname),
    );
    expect(others.map(String)).toEqual([]);
    expect(browser.requestedUrls.length).toBeGreaterThan(0);
    expect(await readRefused()).toBe('');
  });

  it('looks for an address at github.com on this machine', async () => {
    const catalog = await Portal.signIn('omar', 'catalog');
    const target =
      'https://github.com/example-org/vvp/blob/main/catalog-info.yaml';

    const response = await catalog.post('/locations?dryRun=true', {
      type: 'url',
      target,
    });

    expect(response.status).toBe(201);
    expect((await response.json()).entities).toContainEqual(
      expect.objectContaining({
        metadata: expect.objectContaining({ name: 'vvp-verifier' }),
      }),
    );
    expect(await readRefused()).toBe('');
  });
});

/** What the demo's processes wanted of other machines. */
function readRefused(): Promise<string> {
  return readFile(requiredEnvironment('E2E_GUARD_FILE'), 'utf8');
}

describe('the guard of the demo’s processes', () => {
  it.each([
    `fetch('https://api.example.test/x').catch(() => {})`,
    `require('net').connect({ host: '192.0.2.1', port: 443 }).on('error', () => {})`,
    `require('net').connect(443, 'example.test').on('error', () => {})`,
    `require('http').get('http://example.test').on('error', () => {})`,
    `require('dns').promises.lookup('example.test').catch(() => {})`,
  ])('sees %s', async program => {
    const directory = await mkdtemp(path.join(tmpdir(), 'deploy-guard-'));
    const recordFile = path.join(directory, 'refused.txt');

    spawnSync(process.execPath, ['-e', program], {
      env: { ...process.env, ...loopbackGuardEnvironment(recordFile) },
    });

    expect(await readFile(recordFile, 'utf8')).toMatch(
      /(example\.test|192\.0\.2\.1)/,
    );
    await rm(directory, { recursive: true, force: true });
  });
});
