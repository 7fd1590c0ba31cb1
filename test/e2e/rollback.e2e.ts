import { setTimeout as wait } from 'node:timers/promises';
import {
  RevisionEntry,
  RevisionList,
  RollbackPreview,
} from '@vvp/backstage-plugin-deploy-common';
import { Page as BrowserPage } from 'playwright-core';
import type { RunSummary } from '../simulators/github/client/types';
import { TestBrowser } from './browser';
import { requiredEnvironment } from './environment';
import { rollbackPath, servicePath, signInAs, visibleText } from './pages';
import { Portal } from './Portal';

const service = 'vvp-issuer';
const place = {
  entityRef: `component:default/${service}`,
  environment: 'production',
};
const environmentPath = `/services/component/default/${service}/environments/production`;
const POLL_MS = 200;
const reason = 'Credentials of small screens are cut off, OPS-77.';

describe('rolling back vvp-issuer', () => {
  let browser: TestBrowser;
  let page: BrowserPage;
  let dana: Portal;
  let bad: RevisionEntry;
  let good: RevisionEntry;

  beforeAll(async () => {
    dana = await Portal.signIn('dana');
    await finishRunsInFlight(dana);
    const { items } = await dana.get<RevisionList>(
      `${environmentPath}/revisions`,
    );
    const serving = items.findIndex(({ current }) => current);
    bad = items[serving];
    good = items[serving + 1];
    browser = await TestBrowser.launch();
    page = await browser.newPage();
    await signInAs(page, 'Dana Reyes');
  });

  afterAll(async () => {
    await browser?.close();
  });

  async function openRollbackTab(): Promise<void> {
    await page.goto(
      `${requiredEnvironment('E2E_PORTAL_URL')}${rollbackPath(service)}`,
    );
    await page
      .getByRole('button', { name: 'Roll back production', exact: true })
      .waitFor();
  }

  it('is shown before, watched to its end, and true on the platform', async () => {
    expect(await whatServes()).toBe(bad.commit);
    await openRollbackTab();
    await page
      .getByRole('button', { name: 'Roll back production', exact: true })
      .click();
    const dialog = page.getByRole('dialog');
    const look = dialog.getByRole('button', { name: 'Look at it first' });
    await look.waitFor();

    expect(await dialog.getByRole('radio', { checked: true }).count()).toBe(0);
    expect(await look.isDisabled()).toBe(true);
    expect(await dialog.getByText(bad.id).count()).toBe(0);

    const answered = page.waitForResponse(response =>
      response.url().endsWith('/rollbacks/preview'),
    );
    await dialog.locator(`input[value="${good.id}"]`).check();
    await look.click();
    const preview: RollbackPreview = await (await answered).json();
    const commits = preview.changes?.commits ?? [];
    const changes = dialog.getByRole('list', { name: 'Changes' });
    await changes.waitFor();

    expect(commits.length).toBeGreaterThan(0);
    for (const { sha } of commits) {
      expect(await changes.innerText()).toContain(sha.slice(0, 7));
    }

    const start = dialog.getByRole('button', { name: 'Roll back now' });
    expect(await start.isDisabled()).toBe(true);
    await dialog.getByLabel(/^Reason/).fill(reason);
    expect(await start.isDisabled()).toBe(true);
    await dialog.getByLabel(`Type ${service} to confirm`).fill(service);
    await start.click();
    const steps = page.getByRole('list', { name: 'Steps' });
    await steps.waitFor();
    await page.getByText(/is in place and was verified/).waitFor();

    expect(new URL(page.url()).searchParams.get('operation')).toBeTruthy();
    for (const { title } of preview.steps) {
      expect(await steps.innerText()).toContain(title);
    }
    expect(await steps.innerText()).not.toMatch(/Failed|Pending|Running/);
    expect(await whatServes()).toBe(good.commit);
    expect(await revisionsChangedByThePortal()).toContain(bad.id);
  });

  it('leaves a hold, a quarantine and the story behind', async () => {
    await openRollbackTab();
    const state = page.getByRole('list', { name: 'State of production' });
    await state.getByText('On hold').waitFor();

    expect(await state.innerText()).toContain(reason);
    expect(
      await page
        .getByRole('button', { name: `Roll back production to ${bad.id}` })
        .isDisabled(),
    ).toBe(true);

    await page.goto(
      `${requiredEnvironment('E2E_PORTAL_URL')}${servicePath(service)}`,
    );
    await visibleText(page, reason).waitFor();
    const rows = page.getByRole('row').filter({ hasText: 'Rolled back' });
    const row = await rows.filter({ hasText: reason }).first().innerText();

    expect(row).toContain(bad.commit?.slice(0, 7));
    expect(row).toMatch(/by\s+dana/i);
  });

  it('does not let the bad release back in', async () => {
    await openRollbackTab();
    await page
      .getByRole('button', { name: 'Roll back production', exact: true })
      .click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(`Quarantined: ${reason}`).first().waitFor();

    expect(await dialog.locator(`input[value="${bad.id}"]`).isDisabled()).toBe(
      true,
    );

    const refused = await dana.post('/rollbacks', {
      ...place,
      revision: bad.id,
      reason: 'It was good after all, I think.',
      confirm: service,
    });
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('quarantine');
    expect(await whatServes()).toBe(good.commit);
  });
});

/** The history ends with a deployment of the issuer under way: here it ends, and is what turns out bad. */
async function finishRunsInFlight(portal: Portal): Promise<void> {
  for (;;) {
    const { items } = await portal.get<RevisionList>(
      `${environmentPath}/revisions`,
    );
    const answer = await portal.post('/rollbacks/preview', {
      ...place,
      revision: items.find(({ current }) => !current)?.id,
    });
    const { runsInFlight }: RollbackPreview = await answer.json();
    await Promise.all(runsInFlight.map(({ runId }) => finishRun(runId)));
    // All that is deployed is there, and the newest of it serves.
    const newest = items.find(({ quarantine }) => !quarantine);
    if (
      runsInFlight.length === 0 &&
      (await deploymentsToCome()) === 0 &&
      newest?.current &&
      newest.deployments[0]?.status === 'succeeded' &&
      newest.commit === (await whatServes())
    ) {
      return;
    }
    await wait(POLL_MS);
  }
}

/** How many the simulated GitHub has yet to tell the clouds. */
async function deploymentsToCome(): Promise<number> {
  const response = await fetch(
    `${requiredEnvironment('E2E_GITHUB_URL')}/_control/clouds`,
  );
  return (await response.json()).waiting;
}

/** Ends the jobs of a run as they come. */
async function finishRun(runId: string): Promise<void> {
  const github = `${requiredEnvironment(
    'E2E_GITHUB_URL',
  )}/_control/repositories/example-org/vvp`;
  for (;;) {
    const answer = await fetch(`${github}/runs/${runId}`);
    const run: RunSummary = await answer.json();
    const attempt = run.attempts[run.attempts.length - 1];
    if (attempt.status === 'completed') {
      return;
    }
    for (const { id, status } of attempt.jobs) {
      if (status === 'in_progress') {
        await fetch(`${github}/jobs/${id}/complete`, {
          method: 'POST',
          body: '{}',
        });
      }
    }
    await wait(POLL_MS);
  }
}

/** What the simulated Azure itself serves. */
async function whatServes(): Promise<string> {
  const response = await fetch(
    `${requiredEnvironment(
      'E2E_CLOUD_URL',
    )}/version/example-org/vvp/issuer/production`,
  );
  return (await response.json()).git_sha;
}

/** Names of the revisions that somebody changed by the API of the simulated Azure. */
async function revisionsChangedByThePortal(): Promise<string[]> {
  const response = await fetch(
    `${requiredEnvironment('E2E_CLOUD_URL')}/_control/changes`,
  );
  const { azure }: { azure: { path: string }[] } = await response.json();
  return azure.flatMap(
    ({ path }) => /revisions\/([^/]+)\//.exec(path)?.[1] ?? [],
  );
}
