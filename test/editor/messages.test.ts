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

const rows = () => visit.page.getByRole('list', { name: 'Messages' }).getByRole('listitem');
const texts = () => rows().allTextContents();
/** The search waits for a pause in typing, and a busy machine takes its time. */
const patient = { timeout: 15_000 };
async function choose(list: string, choice: string): Promise<void> {
  await visit.page.getByRole('combobox', { name: list }).click();
  await visit.page.getByRole('option', { name: choice, exact: true }).click();
}

describe('Messages', () => {
  test('are found from the rail, and by words, number, direction and state', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Messages' }).first().click();
    await rows().first().waitFor();
    await page.getByLabel('Search words or a number').fill('no tips then');
    await expect.poll(async () => (await texts()).every((text) => text.includes('No tips then')), patient).toBe(true);
    await page.getByLabel('Search words or a number').fill('555 0113');
    await expect
      .poll(async () => {
        const found = await texts();
        return found.length > 2 && found.every((text) => text.includes('+1 202 555 0113'));
      }, patient)
      .toBe(true);
    await choose('Which way', 'Received');
    await expect.poll(texts, patient).toHaveLength(2);
    await page.reload();
    await expect.poll(texts, patient).toHaveLength(2);
    await choose('Which way', 'Sent and received');
    await choose('State', 'Failed');
    await page.getByText('No messages found').waitFor();
    await page.getByRole('button', { name: 'Show all messages' }).click();
    await expect.poll(async () => (await texts()).length, patient).toBeGreaterThan(10);
    expect(new URL(page.url()).search).toBe('');
  });

  test('have a page each, with what happened to them, that leads to the conversation', async () => {
    const { page } = visit;
    await page.getByLabel('Search words or a number').fill('no tips then');
    await expect.poll(texts, patient).toHaveLength(1);
    await rows().getByRole('link').click();
    const story = page.getByRole('region', { name: 'What happened' }).getByRole('listitem');
    await expect.poll(() => story.count(), patient).toBeGreaterThan(2);
    const told = await story.allTextContents();
    expect(told[0]).toMatch(/^Queued/);
    expect(told[1]).toMatch(/^Accepted by Demo carrierSM[0-9a-f]{32}/);
    expect(told.at(-1)).toMatch(/^Delivered to the phone/);
    await page.getByRole('link', { name: 'Open conversation' }).click();
    await page
      .getByRole('region', { name: /^Conversation with/ })
      .getByText('No tips then')
      .waitFor();
  });

  test('a new one shows up while somebody looks', async () => {
    const { page, product } = visit;
    await page.goto('/messages');
    await rows().first().waitFor();
    const [contact] = await product.sql(`SELECT id, phone FROM contacts WHERE phone = '+12025550114'`);
    expect(contact).toBeDefined();
    const answer = await page.evaluate(async () => {
      const response = await fetch('/api/v1/messages', {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-signalbox': '1' },
        body: JSON.stringify({
          messages: [{ to: '+12025550114', text: 'Fresh from the press' }],
          purpose: 'transactional',
        }),
      });
      return response.status;
    });
    expect(answer).toBe(202);
    await rows().filter({ hasText: 'Fresh from the press' }).getByText('Delivered').waitFor();
  });

  test('an address of no message says so and leads back', async () => {
    const { page } = visit;
    await page.goto(`/messages/msg_${'0'.repeat(26)}`);
    await page.getByText('There is no such message').waitFor();
    await page.getByRole('link', { name: 'All messages' }).click();
    await rows().first().waitFor();
  });
});
