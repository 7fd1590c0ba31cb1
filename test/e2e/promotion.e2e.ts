import { setTimeout as wait } from 'node:timers/promises';
import {
  Freeze,
  Page,
  Promotion,
  PromotionSummary,
  ServiceOverview,
} from '@vvp/backstage-plugin-deploy-common';
import { Page as BrowserPage } from 'playwright-core';
import { TestBrowser } from './browser';
import { requiredEnvironment } from './environment';
import { servicePath, signInAs, visibleText } from './pages';
import { Portal } from './Portal';
import { SimulatedRun } from './SimulatedRun';

const service = 'vvp-verifier';
const entityRef = `component:default/${service}`;
const job = 'deploy-verifier';
const message = 'Verifier: name the caller in the log';
const POLL_MS = 200;

describe('promoting vvp-verifier to production', () => {
  let browsers: TestBrowser[];
  let danasPage: BrowserPage;
  let omarsPage: BrowserPage;
  let dana: Portal;
  let run: SimulatedRun;
  let rejected: PromotionSummary;

  beforeAll(async () => {
    dana = await Portal.signIn('dana');
    browsers = [await TestBrowser.launch(), await TestBrowser.launch()];
    [danasPage, omarsPage] = await Promise.all(
      browsers.map(browser => browser.newPage()),
    );
    await signInAs(danasPage, 'Dana Reyes');
    await signInAs(omarsPage, 'Omar Haddad');
  });

  afterAll(async () => {
    await Promise.all(browsers.map(browser => browser.close()));
  });

  function go(page: BrowserPage, path: string) {
    return page.goto(`${requiredEnvironment('E2E_PORTAL_URL')}${path}`);
  }

  it('holds the run that a push started: nothing of its job happens before', async () => {
    run = await SimulatedRun.push({
      author: 'dana',
      message: `${message}\n`,
      files: { 'services/verifier/app/log.py': `CALLER = ${Date.now()}\n` },
      outcomes: {
        changes: { durationSeconds: 1 },
        'test-verifier': { durationSeconds: 1 },
        [job]: { durationSeconds: 2 },
        'post-deployment-tests': { durationSeconds: 1 },
      },
    });
    await run.jobIs(job, 'waiting');

    rejected = await promotionOf(
      run.commit,
      ({ status }) => status === 'awaiting_approval',
    );

    expect(rejected).toMatchObject({
      requestedBy: 'user:default/dana',
      seam: 'protection-rule',
      requiredApprovals: 1,
      run: { runId: String(run.id) },
    });
    expect(await run.jobEvents(job, 1)).toEqual(['waiting']);
    expect(await run.answers()).toEqual([]);
  });

  it('ends the run when omar rejects it, and tells dana why', async () => {
    await go(danasPage, servicePath(service));
    await danasPage
      .getByRole('link', { name: `Promotion of ${run.commit.slice(0, 7)}` })
      .first()
      .click();
    await danasPage.getByText(/You cannot approve:/).waitFor();
    await go(omarsPage, `/deploy/promotions/${rejected.id}`);
    await omarsPage.getByRole('button', { name: 'Reject…' }).click();
    const dialog = omarsPage.getByRole('dialog');
    await dialog
      .getByLabel(/^Comment/)
      .fill('Names of callers do not belong in a log.');
    await dialog.getByRole('button', { name: 'Reject', exact: true }).click();

    await danasPage
      .getByText('Names of callers do not belong in a log.')
      .first()
      .waitFor();
    expect(await run.ended()).toBe('failure');
    expect(await run.jobEvents(job, 1)).toEqual(['waiting', 'completed']);
    expect(await run.answers()).toEqual(['rejected']);
  });

  it('lets dana ask for it, and not approve it herself', async () => {
    await go(danasPage, servicePath(service));
    await danasPage
      .getByRole('button', { name: 'Promote to production…' })
      .click();
    const dialog = danasPage.getByRole('dialog');
    const release = dialog.getByLabel(/^Release/);
    await release.waitFor();
    const option = release
      .locator('option')
      .filter({ hasText: run.commit.slice(0, 7) });
    await release.selectOption({
      value: (await option.getAttribute('value')) ?? '',
    });
    await dialog
      .getByRole('list', { name: 'Changes' })
      .getByText(message)
      .waitFor();
    // What comes above the button would move it from under the mouse.
    await dialog
      .getByRole('status', { name: 'Finding out what stands in between' })
      .waitFor({ state: 'detached' });
    // By the commit before, which nobody let in yet.
    await dialog.getByText('env VVP_DOSSIER_WAIT_SECONDS added').waitFor();

    await dialog.getByRole('button', { name: 'Ask for promotion' }).click();
    const why = danasPage.getByText(/You cannot approve:/);
    await why.waitFor();
    await danasPage
      .getByText('env VVP_DOSSIER_WAIT_SECONDS added')
      .first()
      .waitFor();

    expect(await why.innerText()).toMatch(/whose approval the policy asks for/);
    expect(
      await danasPage
        .getByRole('button', { name: 'Approve', exact: true })
        .isDisabled(),
    ).toBe(true);
    const asked = await promotionOf(run.commit, ({ id }) => id !== rejected.id);
    expect(asked.requestedBy).toBe('user:default/dana');
    const { seen } = await dana.get<Promotion>(`/promotions/${asked.id}`);
    const answer = await dana.post(`/promotions/${asked.id}/approve`, { seen });
    expect(answer.status).toBe(403);
    expect(await run.answers()).toEqual(['rejected']);
  });

  it('goes in once omar approves, and dana’s page follows until it is live', async () => {
    await run.rerun('dana');
    await run.jobIs(job, 'waiting');
    const asked = await promotionOf(
      run.commit,
      ({ id, status, run: waiting }) =>
        id !== rejected.id &&
        status === 'awaiting_approval' &&
        waiting?.runId === String(run.id),
    );
    const before = await run.jobEvents(job, 2);

    await go(danasPage, `/deploy/promotions/${asked.id}`);
    await danasPage.getByText(/You cannot approve:/).waitFor();
    await go(omarsPage, '/deploy/promotions');
    await omarsPage
      .getByRole('tabpanel')
      .getByRole('link', { name: new RegExp(run.commit.slice(0, 7)) })
      .click();
    // The last to be shown, and above the button.
    await omarsPage
      .getByRole('list', { name: 'Changes' })
      .getByText(message)
      .waitFor();
    await omarsPage
      .getByRole('list', { name: 'What changes in the configuration' })
      .waitFor();
    await omarsPage
      .getByRole('button', { name: 'Approve', exact: true })
      .click();
    // It is looked at twelve times, five seconds apart, before it counts as good.
    await danasPage
      .getByText(`${run.commit.slice(0, 7)} is live in production`)
      .first()
      .waitFor({ timeout: 500_000 });

    expect(before).toEqual(['waiting']);
    expect(await run.answers()).toEqual(['rejected', 'approved']);
    expect(await run.jobEvents(job, 2)).toEqual([
      'waiting',
      'queued',
      'in_progress',
      'completed',
    ]);
    expect(await whatServes()).toBe(run.commit);
    const { environments } = await dana.get<ServiceOverview>(
      `/services/component/default/${service}`,
    );
    // Live is what has proven good, and not what was let in.
    expect(environments[0].currentDeployment).toMatchObject({
      release: { commit: run.commit },
      watch: { state: 'healthy' },
    });
    const { events } = await dana.get<Promotion>(`/promotions/${asked.id}`);
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'requested',
        'approved',
        'let-through',
        'deployed',
        'verified',
      ]),
    );
  });
});

describe('a frozen environment', () => {
  let browser: TestBrowser;
  let page: BrowserPage;
  let omar: Portal;
  let freeze: Freeze;
  const title = 'Witnesses move to another region';
  const to = new Date(Math.ceil(Date.now() / 60_000) * 60_000 + 2 * 86_400_000);

  beforeAll(async () => {
    omar = await Portal.signIn('omar');
    const answer = await omar.post('/freezes', {
      title,
      reason: 'They are copied, and nothing may change meanwhile.',
      scope: { services: ['component:default/vvp-witness-wil'] },
      window: { from: new Date().toISOString(), to: to.toISOString() },
    });
    freeze = await answer.json();
    browser = await TestBrowser.launch();
    page = await browser.newPage();
    await signInAs(page, 'Dana Reyes');
  });

  afterAll(async () => {
    await omar.delete(`/freezes/${freeze.id}`);
    await browser.close();
  });

  it('says when it opens, before anybody clicks', async () => {
    const overview = page.waitForResponse(response =>
      /\/api\/deploy\/services\/component\/default\/vvp-witness-wil$/.test(
        response.url(),
      ),
    );
    await page.goto(
      `${requiredEnvironment('E2E_PORTAL_URL')}${servicePath(
        'vvp-witness-wil',
      )}`,
    );
    const { environments }: ServiceOverview = await (await overview).json();
    const banner = page
      .getByRole('status')
      .filter({ hasText: /production is frozen until/ });
    await banner.waitFor();

    expect(environments[0].freeze).toMatchObject({
      title,
      nextOpen: to.toISOString(),
    });
    const text = await banner.innerText();
    expect(text).toContain(title);
    // The browser of the tests is in UTC.
    expect(text).toContain(to.toISOString().slice(11, 16));
  });

  it('is on the list, beside those of app-config', async () => {
    await page.goto(`${requiredEnvironment('E2E_PORTAL_URL')}/deploy/freezes`);
    const list = page.getByRole('list', { name: 'Freezes' });
    await list.waitFor();

    expect(await list.innerText()).toContain(title);
    expect(await list.innerText()).toContain('Campaign calls');
    await visibleText(page, 'Campaign calls').waitFor();
  });
});

/** Waits for a promotion of a commit that is as it has to be. */
async function promotionOf(
  commit: string,
  is: (promotion: PromotionSummary) => boolean,
): Promise<PromotionSummary> {
  const portal = await Portal.signIn('omar');
  for (;;) {
    const { items } = await portal.get<Page<PromotionSummary>>(
      `/promotions?entityRef=${encodeURIComponent(entityRef)}`,
    );
    const found = items.find(
      promotion => promotion.release.commit === commit && is(promotion),
    );
    if (found) {
      return found;
    }
    await wait(POLL_MS);
  }
}

/** Commit that the simulated Azure serves. */
async function whatServes(): Promise<string> {
  const response = await fetch(
    `${requiredEnvironment(
      'E2E_CLOUD_URL',
    )}/version/example-org/vvp/verifier/production`,
  );
  return (await response.json()).git_sha;
}
