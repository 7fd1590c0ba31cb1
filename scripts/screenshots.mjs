/* global document */
import { mkdir, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { findBrowser } from './lib/browser.mjs';
import { resolveRoot } from './lib/paths.mjs';
import { readPort } from './lib/ports.mjs';
import { runCommand } from './lib/problem.mjs';

// Takes the pictures of the papers from a running demo (`npm start` in another terminal).
const pictures = [
  {
    file: 'service-page.png',
    path: '/catalog/default/component/vvp-verifier/deployments',
    shows: page => page.getByRole('table', { name: 'History of deployments' }),
  },
  {
    file: 'evidence-page.png',
    path: '/catalog/default/component/vvp-verifier/evidence',
    shows: page => page.getByRole('img', { name: /^Coverage over time/ }),
  },
  {
    file: 'deployments-page.png',
    path: '/deployments',
    shows: page => page.getByRole('table', { name: /^Services and what runs/ }),
  },
  {
    file: 'promotion.png',
    path: '/deploy/promotions?tab=active',
    shows: page => page.getByRole('link', { name: /of vvp-verifier/ }).first(),
    prepare: openPromotion,
  },
  {
    file: 'freeze.png',
    path: '/catalog/default/component/ngx-voice-agent/deployments',
    shows: page => page.getByText(/is frozen until/),
  },
  {
    file: 'rollback-tab.png',
    path: '/catalog/default/component/vvp-issuer/rollback',
    shows: revisions,
  },
  {
    file: 'rollback-preview.png',
    path: '/catalog/default/component/vvp-issuer/rollback',
    shows: revisions,
    prepare: openPreview,
  },
  {
    file: 'rollback-operation.png',
    path: '/catalog/default/component/vvp-sip-redirect/rollback',
    shows: revisions,
    prepare: rollBack,
  },
];

await runCommand(async () => {
  const { values } = parseArgs({
    options: { out: { type: 'string', default: resolveRoot('docs/images') } },
  });
  const { chromium } = createRequire(resolveRoot('test/package.json'))(
    'playwright-core',
  );
  const found = await findBrowser();
  const browser = await chromium.launch({
    executablePath: found.executablePath,
    args: found.args,
    env: { ...process.env, ...found.env },
  });
  try {
    await takePictures(browser, values.out);
  } finally {
    await browser.close();
    if (found.temporaryDirectory) {
      await rm(found.temporaryDirectory, { recursive: true, force: true });
    }
  }
});

async function takePictures(browser, directory) {
  const portal = `http://localhost:${readPort('PORT', 3000)}`;
  const context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(180_000);
  await page.goto(portal);
  await page.getByRole('button', { name: /Dana Reyes/i }).click();
  await page.getByRole('link', { name: 'Settings' }).first().waitFor();
  await mkdir(directory, { recursive: true });
  for (const picture of pictures) {
    await page.goto(`${portal}${picture.path}`);
    await picture.shows(page).waitFor();
    await page.waitForLoadState('networkidle');
    await picture.prepare?.(page);
    await page.waitForFunction(nothingIsLoading);
    await page.screenshot({ path: `${directory}/${picture.file}` });
    console.log(`${directory}/${picture.file}`);
  }
}

function revisions(page) {
  return page.getByRole('table', { name: 'Revisions of production' });
}

/** In the page: what holds the place of something says so. */
function nothingIsLoading() {
  return !document.querySelector(
    '[role="status"]:is([aria-label^="Loading"], [aria-label^="Finding out"], [aria-label^="Comparing"])',
  );
}

/** Opens what waits for its approval, and decides nothing. */
async function openPromotion(page) {
  await page
    .getByRole('link', { name: /of vvp-verifier/ })
    .first()
    .click();
  await page.getByRole('list', { name: 'Changes' }).waitFor();
}

/** Opens the preview of the way back to the revision before; nothing is changed by it. */
async function openPreview(page) {
  await page
    .getByRole('button', { name: 'Roll back production', exact: true })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.locator('input[type=radio]:enabled').first().check();
  await dialog.getByRole('button', { name: 'Look at it first' }).click();
  await dialog.getByText('What will be done').waitFor();
}

/** Rolls back for real, as the demo is there for. */
async function rollBack(page) {
  await openPreview(page);
  const dialog = page.getByRole('dialog');
  await dialog
    .getByLabel(/^Reason/)
    .fill('Calls from the test range are redirected to nowhere, OPS-77.');
  await dialog
    .getByLabel('Type vvp-sip-redirect to confirm')
    .fill('vvp-sip-redirect');
  await dialog.getByRole('button', { name: 'Roll back now' }).click();
  await page.getByText(/is in place and was verified/).waitFor();
}
