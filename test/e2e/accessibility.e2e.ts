import AxeBuilder from '@axe-core/playwright';
import { Page } from 'playwright-core';
import { TestBrowser } from './browser';
import { requiredEnvironment } from './environment';
import { servicePath, signInAs, visibleText } from './pages';

describe.each([{ dark: false }, { dark: true }])(
  'to axe, with dark=$dark,',
  ({ dark }) => {
    let browser: TestBrowser;
    let page: Page;

    beforeAll(async () => {
      browser = await TestBrowser.launch({ dark });
      page = await browser.newPage();
      await signInAs(page, 'Dana Reyes');
    });

    afterAll(async () => {
      await browser?.close();
    });

    it.each([
      servicePath('vvp-verifier'),
      servicePath('vvp-verifier').replace(/deployments$/, 'evidence'),
      servicePath('orchestrator-service-rs'),
      '/deployments',
    ])('%s is in order', async path => {
      await page.goto(`${requiredEnvironment('E2E_PORTAL_URL')}${path}`);
      await visibleText(page, 'production').waitFor();
      // What is still to be loaded is judged as well.
      await page.waitForLoadState('networkidle');

      const { violations } = await new AxeBuilder({ page })
        .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'])
        .analyze();

      expect(
        violations.map(({ id, nodes }) => ({
          id,
          targets: nodes.map(node => node.target.join(' ')),
        })),
      ).toEqual([]);
    });
  },
);
