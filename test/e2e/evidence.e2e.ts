import {
  GateSummary,
  ServiceOverview,
} from '@vvp/backstage-plugin-deploy-common';
import { Page as BrowserPage } from 'playwright-core';
import { TestBrowser } from './browser';
import { requiredEnvironment } from './environment';
import { servicePath, signInAs } from './pages';

describe('evidence and gates', () => {
  let browser: TestBrowser;
  let page: BrowserPage;

  beforeEach(async () => {
    browser = await TestBrowser.launch();
    page = await browser.newPage();
  });

  afterEach(async () => {
    await browser.close();
  });

  async function open(path: string): Promise<ServiceOverview> {
    const answered = page.waitForResponse(response =>
      /\/api\/deploy\/services\/component\/default\/[^/]+$/.test(
        response.url(),
      ),
    );
    await page.goto(`${requiredEnvironment('E2E_PORTAL_URL')}${path}`);
    return (await answered).json();
  }

  function gatesOf(
    overview: ServiceOverview,
    environment: string,
  ): GateSummary {
    const found = overview.environments.find(
      ({ name }) => name === environment,
    );
    if (!found?.gates) {
      throw new Error(`No gates at ${environment}`);
    }
    return found.gates;
  }

  it('shows the coverage of vvp-verifier against its threshold', async () => {
    await signInAs(page, 'Dana Reyes');
    const overview = await open(servicePath('vvp-verifier'));

    const coverage = gatesOf(overview, 'production').results.find(
      ({ name }) => name === 'coverage',
    );

    expect(coverage).toMatchObject({ threshold: 79, unit: 'percent' });
    await page
      .getByRole('button', { name: /in production: show the gates/ })
      .click();
    await page
      .getByRole('dialog')
      .getByText(coverage?.reason ?? '')
      .first()
      .waitFor();
  });

  it('shows what was measured, over time', async () => {
    await signInAs(page, 'Dana Reyes');
    const trends = page.waitForResponse(
      response =>
        response.url().includes('/trends') &&
        response.url().includes('type=coverage'),
    );
    await page.goto(
      `${requiredEnvironment('E2E_PORTAL_URL')}${servicePath(
        'vvp-verifier',
      ).replace(/deployments$/, 'evidence')}`,
    );

    const { series, thresholds } = await (await trends).json();

    expect(series[0].points.length).toBeGreaterThan(3);
    expect(thresholds).toContainEqual(
      expect.objectContaining({ gate: 'coverage', value: 79 }),
    );
    for (const heading of ['Coverage', 'Tests']) {
      await page
        .getByRole('heading', { name: heading, exact: true })
        .first()
        .waitFor();
    }
  });

  it('holds the release of Phoenix, until an administrator waives the alert', async () => {
    await signInAs(page, 'Dana Reyes');
    const path = servicePath('orchestrator-service-rs');
    const before = gatesOf(await open(path), 'production');
    const codeql = before.results.find(({ name }) => name === 'codeql');
    expect(codeql).toMatchObject({ state: 'fail', actual: 1, threshold: 0 });
    await page
      .getByRole('button', { name: /in production: show the gates/ })
      .click();
    await page
      .getByRole('dialog')
      .getByText(codeql?.reason ?? '')
      .first()
      .waitFor();
    expect(await page.getByRole('button', { name: /waive/i }).count()).toBe(0);

    const second = await browser.newPage();
    page = second;
    await signInAs(page, 'Omar Haddad');
    await open(path);
    await page
      .getByRole('button', { name: /in production: show the gates/ })
      .click();
    await page
      .getByRole('button', { name: /waive.*codeql|waive/i })
      .first()
      .click();
    const dialog = page
      .getByRole('dialog')
      .filter({ hasText: 'Reason' })
      .last();
    await dialog
      .getByLabel(/Reason/)
      .fill('Logged to a file nobody else reads; fixed by OPS-31.');
    await dialog.getByLabel(/For how long/).selectOption({ index: 1 });
    const waived = page.waitForResponse(response =>
      response.url().includes('/waiver'),
    );
    await dialog.getByRole('button', { name: 'Waive the gate' }).click();

    expect((await waived).status()).toBe(201);
    await page
      .getByText(/OPS-31/)
      .first()
      .waitFor();
  });
});
