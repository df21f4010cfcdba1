import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { oneStory } from './support/story.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
const inStory = oneStory();
inStory();
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

const patient = { timeout: 15_000 };
const held = () => visit.page.getByRole('list', { name: 'Held back' }).getByRole('listitem');
const lane = (name: string) =>
  visit.page.getByRole('list', { name: 'By lane' }).getByRole('listitem').filter({ hasText: name });

/** Sends messages over the API, as the page's own session. */
async function send(count: number): Promise<void> {
  const status = await visit.page.evaluate(async (n) => {
    const messages = Array.from({ length: n }, (_, index) => ({ to: `+1202557${2_000 + index}`, text: 'On sale' }));
    const response = await fetch('/api/v1/messages', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-signalbox': '1' },
      body: JSON.stringify({ messages, purpose: 'transactional', lane: 'bulk' }),
    });
    return response.status;
  }, count);
  expect(status).toBe(202);
}

async function choose(action: string): Promise<void> {
  await visit.page.getByRole('button', { name: 'What to do about Bulk' }).click();
  await visit.page.getByRole('menuitem', { name: action }).click();
}

describe('The queue', () => {
  test('lies under Messages, and shows what went out while somebody looks', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Messages' }).first().click();
    await page.getByRole('link', { name: 'Queue' }).click();
    await send(3);
    await lane('Bulk').waitFor();
    await expect.poll(() => lane('Bulk').textContent(), patient).toContain('0 wait');
  });

  test('a lane is paused: what comes after waits, and its page says why', async () => {
    const { page } = visit;
    await choose('Pause sending');
    await expect.poll(() => held().allTextContents(), patient).toEqual([expect.stringMatching(/^PausedBulk/)]);
    await send(4);
    await expect.poll(() => lane('Bulk').textContent(), patient).toContain('4 wait');
    await page.goto('/messages?state=queued');
    await page.getByRole('list', { name: 'Messages' }).getByRole('link').first().click();
    await page.getByRole('region', { name: 'Why it waits' }).getByText('Somebody paused sending').waitFor();
    await page.goto('/messages/queue');
  });

  test('a cancel says how many it takes and is undone', async () => {
    const { page } = visit;
    await choose('Cancel messages');
    await page.getByRole('button', { name: 'Cancel 4 messages' }).click();
    const cancel = held().filter({ hasText: 'Cancelling 4 messages' });
    await cancel.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => held().count(), patient).toBe(1);
    await expect.poll(() => lane('Bulk').textContent(), patient).toContain('4 wait');
  });

  test('resumed, it empties', async () => {
    await held().getByRole('button', { name: 'Resume sending' }).click();
    await expect.poll(() => held().count(), patient).toBe(0);
    await expect.poll(() => lane('Bulk').textContent(), patient).toContain('0 wait');
  });

  test('what waits for another try is tried again at once, and undone', async () => {
    const { page, product } = visit;
    const carrier = `${product.env['DEMO_CARRIER_URL']}/_carrier/faults`;
    const data = { kind: 'refuse', code: 20_429, retry_after: 600, count: 1 };
    expect((await page.request.post(carrier, { data })).status()).toBe(201);
    await send(1);
    const errors = page.getByRole('list', { name: 'What failed in the last 24 hours' }).getByRole('listitem');
    await errors.filter({ hasText: '20429' }).getByRole('button', { name: 'Try those that wait' }).click();
    await page.getByRole('button', { name: 'Try 1 message again' }).click();
    const retries = page.getByRole('list', { name: 'Tried again' }).getByRole('listitem');
    await retries.filter({ hasText: 'Trying 1 message again' }).getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => retries.count(), patient).toBe(0);
    await expect.poll(() => lane('Bulk').textContent(), patient).toContain('1 wait');

    await choose('Try again now');
    await page.getByRole('button', { name: 'Try 1 message again' }).click();
    await retries.filter({ hasText: 'Tried 1 message again' }).waitFor({ timeout: 25_000 });
    await expect.poll(() => lane('Bulk').textContent(), patient).toContain('0 wait');
  }, 60_000);
});
