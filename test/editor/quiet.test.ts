import type { Page, Request } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startChromium } from './support/chromium.ts';
import { textFromPhone } from './support/drawing.ts';
import { oneStory } from './support/story.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';
import { until } from './support/wait.ts';
import { closeWatched, watchBrowser } from './support/watched-browser.ts';

const idleMs = 10_000;

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
const inStory = oneStory();
inStory();
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

/** Requests of a page while nobody touches it. */
async function idleRequests(page: Page, ms: number): Promise<string[]> {
  const seen: string[] = [];
  const note = (request: Request) => void seen.push(`${request.method()} ${new URL(request.url()).pathname}`);
  page.on('request', note);
  await page.waitForTimeout(ms);
  page.off('request', note);
  return seen;
}

describe('The editor keeps quiet', () => {
  test('nobody is asked anything while nothing happens, on any screen', async () => {
    const { page, context } = visit;
    await until('the sample conversations to come to rest', async () => {
      const [rest] = await visit.product.sql('SELECT count(*)::int AS done FROM enrollment_history');
      return rest?.done === 4;
    });
    await page.getByRole('link', { name: 'Sample: say hello' }).click();
    await page.getByRole('region', { name: 'Canvas' }).waitFor();
    const flow = page.url();
    const others = ['/flows', '/contacts', '/conversations', '/conversations?phone=true'];
    const screens = [page];
    for (const address of [...others, `${flow}&phone=true`]) {
      const tab = await context.newPage();
      await tab.goto(address);
      await tab.getByRole('main').waitFor();
      screens.push(tab);
    }
    // Lists that changed while the samples talked are read again within two seconds.
    await page.waitForTimeout(3_000);
    const asked = await Promise.all(screens.map((screen) => idleRequests(screen, idleMs)));
    expect(asked).toEqual(screens.map(() => []));
    for (const tab of screens.slice(1)) await tab.close();
  });

  test('two tabs share one event stream, and both hear of what happens', async () => {
    const { page, context, requests } = visit;
    const streams = () => requests.filter((url) => new URL(url).pathname === '/api/v1/stream').length;
    const earlier = streams();
    await page.goto('/conversations?phone=true');
    await page.getByTestId('phone').waitFor();
    const before = await until('the first tab to open the stream', () => (streams() > earlier ? streams() : null));
    const second = await context.newPage();
    await second.goto('/conversations');
    await second.getByRole('link', { name: /Sample contact 1/ }).waitFor();
    expect(streams()).toBe(before);
    await textFromPhone(page, 'hello');
    for (const tab of [page, second]) await tab.getByRole('link', { name: /\+1 202 555 0199/ }).waitFor();

    // The tab that holds the connection goes; the other takes it over and hears on.
    await page.close();
    await until('the other tab to open the stream', () => streams() === before + 1);
    await second.goto('/conversations?phone=true');
    await textFromPhone(second, 'yes');
    await second
      .getByRole('link', { name: /Good\. The first tip/ })
      .first()
      .waitFor();
  });

  test('every request of the whole session went to this machine, and the page policy had nothing to refuse', async () => {
    // That none went elsewhere is asked of every session when it closes.
    expect(visit.requests.length).toBeGreaterThan(20);
    expect(visit.faults).toEqual([]);
  });

  test('a poll, a request that leaves, a socket that does and a refused script would be seen', async () => {
    const browser = await startChromium();
    const watch = watchBrowser(browser);
    const session = { baseURL: visit.product.url, storageState: await visit.context.storageState() };
    const page = await (await browser.newContext(session)).newPage();
    await page.goto('/flows');
    await page.evaluate("void setInterval(() => fetch('/api/v1/session'), 200)");
    await until('the poll to be seen', async () => (await idleRequests(page, 700)).includes('GET /api/v1/session'));
    await page.evaluate("fetch('http://signalbox.invalid/beacon').catch(() => undefined)");
    await page.evaluate("document.head.append(Object.assign(document.createElement('script'), { textContent: '1' }))");
    await until('both to be noted', () => watch.faults.length > 1);
    expect(watch.faults.join('\n')).toMatch(/signalbox\.invalid/);
    expect(watch.faults.join('\n')).toMatch(/inline script/i);

    // Past the policy, as a later one might let it.
    const open = await (await browser.newContext({ ...session, bypassCSP: true })).newPage();
    await open.goto('/flows');
    await open.evaluate("fetch('http://signalbox.invalid/left').catch(() => undefined)");
    await open.evaluate("new WebSocket('ws://signalbox.invalid/socket')");
    await until('both to be noted', () => watch.foreign().length > 1);
    await expect(closeWatched(browser, watch)).rejects.toThrow(/signalbox\.invalid\/left.*signalbox\.invalid\/socket/);
    expect(browser.isConnected()).toBe(false);
  });
});
