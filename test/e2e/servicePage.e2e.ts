import { ServiceOverview } from '@vvp/backstage-plugin-deploy-common';
import { Page } from 'playwright-core';
import { TestBrowser } from './browser';
import { requiredEnvironment } from './environment';
import { servicePath, signInAs, visibleText } from './pages';

describe('the page of vvp-verifier', () => {
  let browser: TestBrowser;
  let page: Page;
  let overview: ServiceOverview;

  beforeAll(async () => {
    browser = await TestBrowser.launch();
    page = await browser.newPage();
    await signInAs(page, 'Dana Reyes');
    const answered = page.waitForResponse(response =>
      /\/api\/deploy\/services\/component\/default\/vvp-verifier$/.test(
        response.url(),
      ),
    );
    await page.goto(
      `${requiredEnvironment('E2E_PORTAL_URL')}${servicePath('vvp-verifier')}`,
    );
    overview = await (await answered).json();
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
    const rows = page.getByRole('table').first().getByRole('row');
    await rows.nth(2).waitFor();

    expect(await rows.count()).toBeGreaterThan(5);
  });

  it('shows nothing skipped as a failure', async () => {
    const main = page.getByRole('main').first();

    expect(await main.innerText()).not.toMatch(/skipped/i);
  });
});
