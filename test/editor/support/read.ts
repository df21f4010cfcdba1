import type { Page } from 'playwright-core';
import { until } from './wait.ts';

/** Waits until a screen shows what it has read, instead of places kept free for it. */
export async function hasRead(page: Page): Promise<void> {
  await page.locator('main').waitFor();
  await until(
    'nothing to be left that is being read',
    async () => (await page.locator('.animate-pulse').count()) === 0,
  );
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
}
