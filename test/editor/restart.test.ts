import { processIdentity } from '@signalbox/launcher/process-identity';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startChromium } from './support/chromium.ts';
import { incoming, textFromPhone } from './support/drawing.ts';
import { type LocalProduct, linkIn, runStart, startProduct } from './support/product.ts';
import { oneStory } from './support/story.ts';
import { pictureOnFailure, signIn } from './support/visit.ts';
import { until } from './support/wait.ts';
import { closeWatched, type Watch, watchBrowser } from './support/watched-browser.ts';

let product: LocalProduct;
let browser: Browser;
let watch: Watch;
let page: Page;
beforeAll(async () => {
  [product, browser] = await Promise.all([startProduct(), startChromium()]);
  watch = watchBrowser(browser);
  page = await browser.newPage({ baseURL: product.url });
  await signIn(page, product.signInLink);
  await page.goto('/conversations?phone=true');
}, 120_000);
const inStory = oneStory();
inStory();
beforeEach(() => pictureOnFailure(page));
afterAll(async () => {
  try {
    await closeWatched(browser, watch);
  } finally {
    await product.close();
  }
}, 60_000);

async function answers(count: number): Promise<string[]> {
  // A start finds work of processes that are gone; Temporal gives it to this one once their time is over.
  const check = async () => {
    const all = await incoming(page);
    return all.length >= count ? all : null;
  };
  return until(`${count} texts on the phone`, check, 60_000);
}

/** Starts again on the same data and the same port. */
async function startAgain(): Promise<void> {
  product = await startProduct({ dataFolder: product.dataFolder, port: Number(new URL(product.url).port) });
}

const alive = (children: ReturnType<LocalProduct['children']>) =>
  children.filter((child) => processIdentity(child.pid) === child.identity).map((child) => child.name);

describe('Stopping and starting again', () => {
  test('Ctrl-C ends every child and exits 0; who waited for a reply is answered after the next start', async () => {
    await textFromPhone(page, 'hello');
    expect(await answers(1)).toEqual([expect.stringContaining('Would you like a tip a week?')]);
    const children = product.children();
    expect(children.map((child) => child.name).sort()).toEqual(['demo carrier', 'engine', 'postgres', 'temporal']);
    expect(alive(children)).toHaveLength(4);

    expect(await product.interrupt()).toBe(0);
    expect(alive(children)).toEqual([]);
    expect(product.children()).toEqual([]);
    expect(product.run.lines).toContain('Stopped. Everything is kept; start again to go on.');

    await startAgain();
    expect(product.run.lines).toContain('Starting Signalbox.');
    // The session outlives the process, and the page comes back by itself.
    await page.getByText('Live numbers paused').waitFor({ state: 'detached' });
    await until('the phone to be connected again', async () => (await page.getByText('No signal.').count()) === 0);
    await textFromPhone(page, 'yes');
    expect((await answers(2)).at(-1)).toContain('Good. The first tip');
  }, 180_000);

  test('after kill -9 the next start ends what was left behind and goes on', async () => {
    const left = product.children();
    process.kill(product.run.pid, 'SIGKILL');
    expect(await product.run.ended).toBeNull();
    expect(alive(left)).toContain('postgres');

    await startAgain();
    expect(alive(left)).toEqual([]);
    expect(product.run.lines.filter((line) => line.includes('left from an earlier start')).length).toBeGreaterThan(0);
    expect(alive(product.children())).toHaveLength(4);
    await page.reload();
    await textFromPhone(page, 'hello');
    expect((await answers(3)).at(-1)).toContain('Would you like a tip a week?');
  }, 180_000);

  test('a second start says that one runs, prints a fresh link that signs in, and exits 0', async () => {
    const second = runStart(product.env);
    expect(await second.ended).toBe(0);
    expect(second.lines.join('\n')).toMatch(/already running on port \d+ \(process \d+\)/);
    const link = linkIn(second.lines);
    expect(link).not.toBe(product.signInLink);
    const context = await browser.newContext();
    await signIn(await context.newPage(), link ?? '');
    await context.close();
    expect(alive(product.children())).toHaveLength(4);
  });
});
