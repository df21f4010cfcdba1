import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { isSigned, type Receiver, startReceiver } from '../webhooks/receiver.ts';
import { oneStory } from './support/story.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';

let visit: Visit;
let receiver: Receiver;
beforeAll(async () => {
  visit = await startVisit();
  receiver = await startReceiver();
}, 120_000);
const inStory = oneStory();
inStory();
beforeEach(() => pictureOnFailure(visit.page));
afterAll(async () => {
  receiver.close();
  await visit.close();
}, 60_000);

const section = (name: string) => visit.page.getByRole('region', { name });
const deliveries = () => section('What was sent').getByRole('listitem');
const slow = { timeout: 15_000 };

describe('Webhooks', () => {
  test('are added with the events that they hear of; what does not fit is said at its field', async () => {
    const { page } = visit;
    await page.goto('/settings');
    await page.getByRole('link', { name: 'Webhooks' }).click();
    // The demo's own, which is off.
    await page.getByRole('main').getByRole('listitem').getByRole('link').click();
    await page.getByRole('button', { name: 'More about this webhook' }).click();
    await page.getByRole('menuitem', { name: 'Remove webhook' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove webhook' }).click();
    await page.getByText('No webhook yet').waitFor();
    await page.getByRole('button', { name: 'Add webhook' }).first().click();
    const dialog = page.getByRole('dialog', { name: 'Add webhook' });
    await dialog.getByLabel('Address').fill('ftp://example.com/');
    await dialog.getByRole('checkbox', { name: /Somebody sent a message/ }).check();
    await dialog.getByRole('button', { name: 'Add webhook' }).click();
    await dialog.locator('#add-webhook-url-problems').getByText('Use an https address').waitFor();
    await dialog.getByLabel('Address').fill(receiver.url('/crm'));
    await dialog.getByLabel('Name').fill('Our CRM');
    await dialog.getByRole('checkbox', { name: 'Consent', exact: true }).check();
    await dialog.getByRole('button', { name: 'Add webhook' }).click();
    await page.waitForURL(/\/settings\/webhooks\/whk_/);
    await page.getByRole('heading', { name: 'Our CRM' }).waitFor();
  });

  test('show their secret when asked, and a test event comes signed with it', async () => {
    const { page } = visit;
    await page.getByRole('button', { name: 'Send test event' }).click();
    await expect.poll(() => receiver.at('/crm').length, slow).toBe(1);
    await section('Secret').getByRole('button', { name: 'Show secret' }).click();
    const secret = (await section('Secret').locator('code').first().textContent()) ?? '';
    const [got] = receiver.at('/crm');
    expect(got !== undefined && isSigned(got, secret)).toBe(true);
    await section('Secret').getByRole('button', { name: 'Copy secret' }).click();
    await page.getByText('Secret copied').waitFor();
    await deliveries().filter({ hasText: 'Test event' }).getByText('Taken').waitFor();
  });

  test('are told of a text, which is looked at with what was answered', async () => {
    const { page } = visit;
    receiver.answer('/crm', { status: 500, text: 'The queue is full' });
    const text = await page.request.post(`/demo/phone/phones/${encodeURIComponent('+12025550197')}/messages`, {
      data: { to: '+12025550100', body: 'A question about shoes' },
      headers: { 'x-signalbox': '1' },
    });
    expect(text.status()).toBe(201);
    await deliveries().filter({ hasText: 'Somebody sent a message' }).getByText('500').waitFor();
    await page.getByText('The last request was not taken.').waitFor();
    await deliveries()
      .getByRole('button', { name: /Somebody sent a message/ })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Somebody sent a message' });
    await dialog.getByText('A question about shoes').waitFor();
    await dialog.getByText('The queue is full').first().waitFor();
    receiver.answer('/crm', { status: 204 });
    await dialog.getByRole('button', { name: 'Send again' }).click();
    await dialog.getByText('Taken').waitFor();
    await dialog.getByRole('button', { name: 'Close' }).first().click();
    const told = receiver.at('/crm').filter(({ event }) => event.type === 'message.received');
    expect(new Set(told.map(({ id }) => id)).size).toBe(1);
  });

  test('get a new secret, beside which the old one signs for a day', async () => {
    const { page } = visit;
    const secrets = section('Secret').locator('code');
    const before = (await secrets.first().textContent()) ?? '';
    await section('Secret').getByRole('button', { name: 'Make new secret' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make new secret' }).click();
    await expect.poll(() => secrets.count(), slow).toBe(2);
    expect(await secrets.nth(1).textContent()).toBe(before);
    const after = (await secrets.first().textContent()) ?? '';
    const count = receiver.at('/crm').length;
    await page.getByRole('button', { name: 'Send test event' }).click();
    await expect.poll(() => receiver.at('/crm').length, slow).toBe(count + 1);
    const got = receiver.at('/crm').at(-1);
    expect(got !== undefined && isSigned(got, before) && isSigned(got, after)).toBe(true);
  });

  test('that answer that they are gone say so, are enabled again, and are sent what they missed', async () => {
    const { page } = visit;
    receiver.answer('/crm', { status: 410 });
    await page.getByRole('button', { name: 'Send test event' }).click();
    await page.getByText('This webhook answered that it is gone, and was disabled.').waitFor();
    expect(await page.getByRole('button', { name: 'Send test event' }).isDisabled()).toBe(true);
    receiver.answer('/crm', { status: 204 });
    await page.getByRole('button', { name: 'Enable webhook' }).click();
    await page.getByText('Webhook enabled').waitFor();
    const count = receiver.at('/crm').length;
    await section('What was sent').getByRole('button', { name: 'Send failed ones again' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Send failed ones again' }).click();
    await page.getByText('1 event is sent again').waitFor();
    await expect.poll(() => receiver.at('/crm').length, slow).toBe(count + 1);
    await expect.poll(() => deliveries().getByText('Given up').count(), slow).toBe(0);
  });

  test('are changed, disabled and removed', async () => {
    const { page, product } = visit;
    const details = section('Address and events');
    await details.getByRole('checkbox', { name: /A flow was stopped/ }).check();
    await details.getByRole('button', { name: 'Save webhook' }).click();
    await page.getByText('Webhook saved').waitFor();
    expect(await product.sql('SELECT types FROM webhook_endpoints')).toEqual([
      {
        types: [
          'consent.confirmed',
          'consent.expired',
          'consent.granted',
          'consent.requested',
          'consent.revoked',
          'flow.stopped',
          'message.received',
        ],
      },
    ]);
    await page.getByRole('button', { name: 'More about this webhook' }).click();
    await page.getByRole('menuitem', { name: 'Disable webhook' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable webhook' }).click();
    await page.getByText('This webhook is disabled.').waitFor();
    await page.getByRole('button', { name: 'More about this webhook' }).click();
    await page.getByRole('menuitem', { name: 'Remove webhook' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove webhook' }).click();
    await page.getByText('No webhook yet').waitFor();
  });
});
