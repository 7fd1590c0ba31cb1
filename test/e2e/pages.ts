import { Locator, Page } from 'playwright-core';
import { requiredEnvironment } from './environment';

/** Where the tab "Deployments" of a service is. */
export function servicePath(service: string): string {
  return `/catalog/default/component/${service}/deployments`;
}

/** Where the tab "Rollback" of a service is. */
export function rollbackPath(service: string): string {
  return `/catalog/default/component/${service}/rollback`;
}

/** Signs in on the demo's sign-in page; the name is part of what the button says. */
export async function signInAs(
  page: Page,
  who: 'guest' | 'Dana Reyes' | 'Omar Haddad',
): Promise<void> {
  await page.goto(requiredEnvironment('E2E_PORTAL_URL'));
  await page.getByRole('button', { name: new RegExp(who, 'i') }).click();
  await page.getByRole('link', { name: 'Settings' }).first().waitFor();
}

/** The first place where a person can read the text; the options of a closed select are none. */
export function visibleText(page: Page, text: string): Locator {
  return page.getByText(text).filter({ visible: true }).first();
}
