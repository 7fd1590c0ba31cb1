import { Page } from 'playwright-core';
import { TestBrowser } from './browser';
import { requiredEnvironment } from './environment';
import { servicePath, signInAs } from './pages';

describe('signing in to the demo', () => {
  let browser: TestBrowser;
  let page: Page;

  beforeEach(async () => {
    browser = await TestBrowser.launch();
    page = await browser.newPage();
  });

  afterEach(async () => {
    await browser.close();
  });

  it.each([
    { who: 'guest', userEntityRef: 'user:development/guest' },
    { who: 'Dana Reyes', userEntityRef: 'user:default/dana' },
    { who: 'Omar Haddad', userEntityRef: 'user:default/omar' },
  ] as const)('lets $who in', async ({ who, userEntityRef }) => {
    const signedIn = page.waitForResponse(response =>
      /\/api\/auth\/(guest|demo)\/refresh/.test(response.url()),
    );

    await signInAs(page, who);

    const session = await (await signedIn).json();
    expect(session.backstageIdentity.identity.userEntityRef).toBe(
      userEntityRef,
    );
  });

  it('remembers who it was when the page is loaded again', async () => {
    await signInAs(page, 'Dana Reyes');

    await page.goto(
      `${requiredEnvironment('E2E_PORTAL_URL')}${servicePath('vvp-verifier')}`,
    );

    const history = page.getByRole('heading', { name: 'History' });
    await history.waitFor();
    expect(await history.isVisible()).toBe(true);
  });

  it('says that everything is simulated', async () => {
    await signInAs(page, 'Dana Reyes');

    const banner = page.getByText(/Simulated/).first();
    await banner.waitFor();
    expect(await banner.isVisible()).toBe(true);
  });

  it('knows no one else', async () => {
    const response = await fetch(
      `${requiredEnvironment(
        'E2E_BACKEND_URL',
      )}/api/auth/demo/refresh?env=development`,
      { headers: { 'x-demo-user': 'mallory' } },
    );

    expect(response.status).toBe(401);
  });
});
