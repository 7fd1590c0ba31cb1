import { expect, test } from '@playwright/test';

test('a visitor finds a branch by its town', async ({ page }) => {
  await page.goto(process.env.BASE_URL ?? '');
  await page.getByLabel('Town').fill('Bielefeld');
  await expect(page.getByRole('listitem').first()).toBeVisible();
});
