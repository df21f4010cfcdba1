import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { saved } from './support/drawing.ts';
import { oneStory } from './support/story.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';
import { until } from './support/wait.ts';

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
const inStory = oneStory();
inStory();
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

const headers = { 'x-signalbox': '1' };
const slow = { timeout: 15_000 };
const target = `https://example.com/${'sale'.repeat(40)}`;
const phone = '+12025550188';
let flowId = '';

describe('Short links', () => {
  test('are turned on in a step, and the meter counts them as they go out', async () => {
    const { page } = visit;
    const w = flow('Summer sale');
    w.step('start', keyword, { keywords: ['SUMMER'] }).to(
      'next',
      w.step('send', sendSms, { text: `Look: ${target}`, purpose: 'transactional' }),
    );
    const made = await page.request.post('/api/v1/flows', { headers, data: w.build() });
    flowId = z.object({ id: z.string() }).parse(await made.json()).id;
    await page.goto(`/flows/${flowId}?step=send`);
    const characters = page.locator('dt', { hasText: 'Characters' }).locator('xpath=following-sibling::dd');
    await expect.poll(() => characters.textContent(), slow).toBe(String('Look: '.length + target.length));
    await page.getByRole('switch', { name: 'Shorten links' }).click();
    const short = `Look: ${new URL(page.url()).origin}/l/000000000`;
    await expect.poll(() => characters.textContent(), slow).toBe(String(short.length));
    await page.getByText(short).waitFor();
    await saved(page);
    await page.getByRole('button', { name: 'More for this flow' }).click();
    expect(await page.getByRole('menuitem', { name: 'Links' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    const published = await page.request.post(`/api/v1/flows/${flowId}/publish`, {
      headers: { ...headers, 'if-match': '*' },
    });
    expect(published.status()).toBe(200);
  });

  test('lead where they were to lead, and the message’s page says that somebody followed one', async () => {
    const { page, product } = visit;
    const [sender] = await product.sql('SELECT address FROM senders');
    await page.request.post(`/demo/phone/phones/${encodeURIComponent(phone)}/messages`, {
      data: { to: z.string().parse(sender?.address), body: 'SUMMER' },
      headers,
    });
    const link = await until('the answer', async () => {
      const [row] = await product.sql(`SELECT code FROM links WHERE target = '${target}'`);
      return row ?? null;
    });
    await page.goto('/messages');
    const row = page.getByRole('list', { name: 'Messages' }).getByRole('listitem').filter({ hasText: 'Look: ' });
    await row.getByRole('link').click();
    const links = page.getByRole('region', { name: 'Links' });
    await links.getByText('Not followed yet').waitFor();
    await links.getByText(target).waitFor();
    const followed = await page.request.get(`/l/${z.string().parse(link.code)}`, {
      headers: { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Mobile/15E148 Safari/604.1' },
      maxRedirects: 0,
    });
    expect([followed.status(), followed.headers().location]).toEqual([302, target]);
    await links.getByText('1 click').waitFor();
    await links.getByText(/^Last followed /).waitFor();
  });

  test('stand in the flow’s menu, with the people who got and followed them', async () => {
    const { page } = visit;
    await page.goto(`/flows/${flowId}`);
    await page.getByRole('button', { name: 'More for this flow' }).click();
    await page.getByRole('menuitem', { name: 'Links' }).click();
    const dialog = page.getByRole('dialog', { name: 'Links' });
    await expect.poll(() => dialog.getByRole('row').last().textContent(), slow).toBe(`${target}11 (100%)`);
  });
});
