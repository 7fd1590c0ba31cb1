import { Page as BrowserPage } from 'playwright-core';
import { TestBrowser } from './browser';
import { requiredEnvironment } from './environment';
import { servicePath, signInAs, visibleText } from './pages';

const SERVICE = 'vvp-call-log';

describe('a new VVP service', () => {
  let browser: TestBrowser;
  let page: BrowserPage;

  beforeAll(async () => {
    browser = await TestBrowser.launch();
    page = await browser.newPage();
    await signInAs(page, 'Dana Reyes');
  });

  afterAll(async () => {
    await browser?.close();
  });

  /** Fills in what has no value yet; labels are those of the template. */
  async function fill(values: Record<string, string>): Promise<void> {
    for (const [label, value] of Object.entries(values)) {
      const field = page.getByLabel(label, { exact: false }).first();
      await field.fill(value);
    }
  }

  async function next(button: string): Promise<void> {
    await page.getByRole('button', { name: button, exact: true }).click();
  }

  /** What was not there when it was registered, the catalog looks for again after some two minutes. */
  async function openOnceKnown(): Promise<void> {
    const run = visibleText(page, `New service ${SERVICE}`);
    const missing = visibleText(page, 'Entity not found');
    do {
      await page.goto(
        `${requiredEnvironment('E2E_PORTAL_URL')}${servicePath(SERVICE)}`,
      );
      await run.or(missing).first().waitFor();
    } while (!(await run.isVisible()));
  }

  it('takes one form, a merge, and is on its page with its first run', async () => {
    await page.goto(
      `${requiredEnvironment(
        'E2E_PORTAL_URL',
      )}/create/templates/default/new-vvp-service`,
    );
    await fill({ Name: 'call-log', Description: 'Keeps what was called' });
    await page.getByLabel('Owner', { exact: false }).first().click();
    await page.getByRole('option', { name: /VVP team/i }).click();
    await next('Next');
    await fill({
      'Registry of its images': 'vvpacr.example.test',
      'Address that it answers on': 'https://vvp-call-log.example.test',
    });
    await next('Next');
    await fill({
      Repository: `${requiredEnvironment('E2E_GITHUB_URL')}/example-org/vvp`,
    });
    await next('Review');
    await next('Create');

    const pull = page.getByRole('link', { name: 'Pull request' }).first();
    await pull.waitFor();
    const github = await page.context().newPage();
    await github.goto((await pull.getAttribute('href')) ?? '');
    await github.getByRole('button', { name: 'Merge pull request' }).click();
    await github
      .getByRole('button', { name: 'Merge pull request' })
      .waitFor({ state: 'detached' });

    await openOnceKnown();
    const state = visibleText(page, 'Succeeded');
    await state.waitFor();
    expect(await state.isVisible()).toBe(true);
  }, 300_000);
});
