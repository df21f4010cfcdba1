import type { Browser, BrowserContext, Page } from 'playwright-core';

/** What all pages of a browser asked for, from its start on. */
export type Watch = {
  /** Addresses of every request and socket that any page made. */
  readonly requests: readonly string[];
  /** Errors that pages threw, and refusals of the content security policy. */
  readonly faults: readonly string[];
  /** The requests that were to leave this machine. */
  readonly foreign: () => string[];
};

/** How many times slower than this machine each page runs; `pnpm bench browsers` sets it. */
export const throttle = Number(process.env.BROWSER_THROTTLE ?? 1);

async function slowDown(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
}

/** Watches every context that the browser opens from now on, whoever opens it. */
export function watchBrowser(browser: Browser): Watch {
  const requests: string[] = [];
  const faults: string[] = [];
  const watch = (context: BrowserContext): void => {
    context.setDefaultTimeout(15_000 * throttle);
    context.on('request', (request) => void requests.push(request.url()));
    context.on('page', (page) => {
      page.on('websocket', (socket) => void requests.push(socket.url()));
      if (throttle > 1) void slowDown(page);
    });
    context.on('weberror', (error) => void faults.push(error.error().message));
    context.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) faults.push(message.text());
    });
  };
  for (const context of browser.contexts()) watch(context);
  browser.on('context', watch);
  return { requests, faults, foreign: () => [...new Set(requests.filter(leaves))] };
}

function leaves(url: string): boolean {
  return !url.startsWith('data:') && !url.startsWith('blob:') && new URL(url).hostname !== '127.0.0.1';
}

/** Closes the browser. @throws Error where a page of it asked for something that is not on this machine, at any time. */
export async function closeWatched(browser: Browser, watch: Watch): Promise<void> {
  await browser.close();
  const foreign = watch.foreign();
  if (foreign.length > 0) throw new Error(`Requests were to leave this machine: ${foreign.join(', ')}`);
}
