import {
  Deployment,
  Page,
  ServiceOverview,
} from '@vvp/backstage-plugin-deploy-common';
import { Page as BrowserPage } from 'playwright-core';
import { TestBrowser } from './browser';
import { requiredEnvironment } from './environment';
import { servicePath, signInAs, visibleText } from './pages';

describe('the page of vvp-verifier', () => {
  let browser: TestBrowser;
  let page: BrowserPage;
  let overview: ServiceOverview;
  let history: Page<Deployment>;

  beforeAll(async () => {
    browser = await TestBrowser.launch();
    page = await browser.newPage();
    await signInAs(page, 'Dana Reyes');
    const answered = page.waitForResponse(response =>
      /\/api\/deploy\/services\/component\/default\/vvp-verifier$/.test(
        response.url(),
      ),
    );
    const answeredHistory = page.waitForResponse(response =>
      /\/api\/deploy\/.*\/vvp-verifier\/deployments/.test(response.url()),
    );
    await page.goto(
      `${requiredEnvironment('E2E_PORTAL_URL')}${servicePath('vvp-verifier')}`,
    );
    overview = await (await answered).json();
    history = await (await answeredHistory).json();
  });

  afterAll(async () => {
    await browser.close();
  });

  it('shows production with the commit that runs there', async () => {
    const production = overview.environments.find(
      environment => environment.name === 'production',
    );
    const commit = production?.currentDeployment?.release.commit ?? 'no commit';

    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    await visibleText(page, 'production').waitFor();
    await page.getByText(commit.slice(0, 7)).first().waitFor();
  });

  it('shows the history, newest first', async () => {
    const times = history.items.map(item => item.createdAt);
    const rows = page.getByRole('table').first().getByRole('row');
    await rows.nth(history.items.length).waitFor();

    expect(times.length).toBeGreaterThan(5);
    expect(times).toEqual([...times].sort().reverse());
    for (const [index, item] of history.items.entries()) {
      expect(await rows.nth(index + 1).innerText()).toContain(
        item.release.commit.slice(0, 7),
      );
    }
  });

  it('shows nothing skipped as a failure', async () => {
    const main = page.getByRole('main').first();

    expect(await main.innerText()).not.toMatch(/skipped/i);
  });
});
