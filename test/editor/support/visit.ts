import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { onTestFailed } from 'vitest';
import { startChromium } from './chromium.ts';
import { startClusterProduct } from './cluster-product.ts';
import type { Product } from './product.ts';
import { closeWatched, watchBrowser } from './watched-browser.ts';

const desktop = { width: 1440, height: 900 };
export const narrow = { width: 390, height: 844 };

/** A product and a browser signed in to it. */
export type Visit = {
  readonly product: Product;
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Addresses of every request that any page made. */
  readonly requests: readonly string[];
  /** Errors that pages threw, and refusals of the content security policy. */
  readonly faults: readonly string[];
  /** Another context of the same session, with its own screen. */
  readonly another: (options: BrowserContextOptions) => Promise<BrowserContext>;
  /** Ends both. @throws Error where a page asked for something that is not on this machine. */
  readonly close: () => Promise<void>;
};

/** Opens the sign-in link and presses its button. */
export async function signIn(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/flows');
}

/** Starts a product and a browser. The first context is signed in, unless it is to sign in itself. */
export async function startVisit(
  options: { readonly signedIn?: boolean; readonly start?: () => Promise<Product> } = {},
): Promise<Visit> {
  const [product, browser] = await Promise.all([(options.start ?? startClusterProduct)(), startChromium()]);
  const watch = watchBrowser(browser);
  const open = (more: BrowserContextOptions): Promise<BrowserContext> =>
    browser.newContext({
      baseURL: product.url,
      viewport: desktop,
      locale: 'en-US',
      reducedMotion: 'reduce',
      ...more,
    });
  const context = await open({});
  const page = await context.newPage();
  if (options.signedIn !== false) await signIn(page, product.signInLink);
  return {
    product,
    browser,
    context,
    page,
    requests: watch.requests,
    faults: watch.faults,
    another: async (more) => open({ storageState: await context.storageState(), ...more }),
    close: async () => {
      try {
        await closeWatched(browser, watch);
      } finally {
        await product.close();
      }
    },
  };
}

/** Where the running test fails and TEST_PICTURES names a folder, a picture of the page is left there. */
export function pictureOnFailure(page: Page): void {
  const folder = process.env.TEST_PICTURES;
  if (folder === undefined || folder === '') return;
  onTestFailed(async ({ task }) => {
    if (page.isClosed()) return;
    await page.screenshot({ path: join(folder, `${task.name.replace(/\W+/g, '-').slice(0, 60)}.png`) });
  });
}
