import type { Page, Route } from 'playwright-core';
import { onTestFinished } from 'vitest';

/**
 * Answers what a page asks for at these addresses, until it is called or the running test ends, whichever is first: a test that
 * fails halfway leaves the tests after it a page as it was.
 */
export async function intercept(
  page: Page,
  address: string | RegExp,
  answer: (route: Route) => Promise<void>,
): Promise<() => Promise<void>> {
  await page.route(address, answer);
  const end = () => page.unroute(address, answer);
  onTestFinished(async () => {
    if (!page.isClosed()) await end();
  });
  return end;
}
