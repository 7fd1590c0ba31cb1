import { Promotion } from '@vvp/backstage-plugin-deploy-common';
import { Page as BrowserPage } from 'playwright-core';
import { TestBrowser } from './browser';
import { requiredEnvironment } from './environment';
import { Portal } from './Portal';
import { servicePath, signInAs, visibleText } from './pages';

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
      const field = page.getByRole('textbox', { name: label }).first();
      await field.fill(value);
    }
  }

  async function press(button: string): Promise<void> {
    await page.getByRole('button', { name: button, exact: true }).click();
  }

  /** The form as far as the page that asks where the code lies. */
  async function describeService(name: string): Promise<void> {
    await page.goto(
      `${requiredEnvironment(
        'E2E_PORTAL_URL',
      )}/create/templates/default/new-vvp-service`,
    );
    await fill({ Name: name, Description: 'Keeps what was called' });
    await page.getByLabel('Owner', { exact: false }).first().click();
    await page.getByRole('option', { name: /VVP team/i }).click();
    await press('Next');
    await fill({
      'Registry of its images': 'vvpacr.example.test',
      'Address that it answers on': `https://vvp-${name}.example.test`,
    });
    await press('Next');
  }

  /** Everything is looked for again after a while, the catalog's new entities and what runs of them told before. */
  async function openOnceShown(service: string, text: string): Promise<void> {
    const shown = visibleText(page, text);
    const others = ['Entity not found', 'No deployments', 'Nothing has been'];
    const early = others
      .map(other => visibleText(page, other))
      .reduce((one, other) => one.or(other));
    do {
      await page.goto(
        `${requiredEnvironment('E2E_PORTAL_URL')}${servicePath(service)}`,
      );
      await shown.or(early).first().waitFor();
    } while (!(await shown.isVisible()));
  }

  it('takes one form, a merge, and is on its page with its first run', async () => {
    await describeService('call-log');
    await fill({
      Repository: `${requiredEnvironment('E2E_GITHUB_URL')}/example-org/vvp`,
    });
    await press('Review');
    await press('Create');

    const pull = page.getByRole('link', { name: 'Pull request' }).first();
    await pull.waitFor();
    const github = await page.context().newPage();
    await github.goto((await pull.getAttribute('href')) ?? '');
    await github.getByRole('button', { name: 'Merge pull request' }).click();
    await github
      .getByRole('button', { name: 'Merge pull request' })
      .waitFor({ state: 'detached' });

    await openOnceShown('vvp-call-log', 'New service vvp-call-log');
    const state = visibleText(page, 'Succeeded');
    await state.waitFor();
    expect(await state.isVisible()).toBe(true);
  });

  it('has a repository of its own, whose first run waits until another lets it in', async () => {
    await describeService('voicemail');
    await page.getByRole('button', { name: /^As/ }).click();
    await page.getByRole('option', { name: 'New repository' }).click();
    await fill({
      Repository: `${requiredEnvironment(
        'E2E_GITHUB_URL',
      )}/example-org/vvp-voicemail`,
      'GitHub App that holds production': 'deploy-portal',
    });
    await press('Review');
    await press('Create');
    const repository = page.getByRole('link', { name: 'Repository' }).first();
    await repository.waitFor();
    const github = await page.context().newPage();
    await github.goto((await repository.getAttribute('href')) ?? '');
    await visibleText(github, 'Build and Deploy #1').waitFor();

    await openOnceShown('vvp-voicemail', 'Awaiting approval');
    const omar = await Portal.signIn('omar');
    const { items } = await omar.get<{ items: { id: string }[] }>(
      '/promotions?entityRef=component:default/vvp-voicemail',
    );
    const approved = await approve(omar, items[0].id);

    expect(items).toHaveLength(1);
    expect(approved.ok).toBe(true);
    const state = visibleText(page, 'Succeeded');
    await state.waitFor();
    expect(await state.isVisible()).toBe(true);
  });
});

/** Approves what is seen, and looks anew where it changed in between. */
async function approve(who: Portal, id: string): Promise<Response> {
  for (;;) {
    const { status, seen } = await who.get<Promotion>(`/promotions/${id}`);
    const answer = await who.post(`/promotions/${id}/approve`, { seen });
    if (answer.status !== 409 || status !== 'awaiting_approval') {
      return answer;
    }
  }
}
