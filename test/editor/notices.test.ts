import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { oneStory } from './support/story.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';
import { until } from './support/wait.ts';

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
  await until('the sample conversations to come to rest', async () => {
    const [rest] = await visit.product.sql('SELECT count(*)::int AS done FROM enrollment_history');
    return rest?.done === 4;
  });
}, 120_000);
const inStory = oneStory();
inStory();
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

const bell = (name: string | RegExp) => visit.page.getByRole('main').getByRole('button', { name, exact: true });

/** The carrier does not know the sample account by its credentials any more: a message says so. */
async function sendRefused(): Promise<void> {
  const { page } = visit;
  const headers = { 'x-signalbox': '1' };
  const data = { kind: 'refuse', reason: 'auth', count: 1 };
  const fault = await page.request.post(`${visit.product.env['DEMO_CARRIER_URL']}/_carrier/faults`, { data });
  expect(fault.ok()).toBe(true);
  const message = { messages: [{ to: '+12025550119', text: 'Hello' }], purpose: 'transactional' };
  expect((await page.request.post('/api/v1/messages', { data: message, headers })).ok()).toBe(true);
}

describe('A notice', () => {
  test('comes to the bell while somebody looks at something else, and leads to where it is put right', async () => {
    const { page } = visit;
    await page.goto('/flows');
    await bell('Notices').click();
    await page.getByText('Nothing needs your attention.').waitFor();
    await page.keyboard.press('Escape');
    await sendRefused();
    await bell('Notices, 1 unread').click();
    const popover = page.getByRole('dialog', { name: 'Notices' });
    await popover.getByText(/^The provider refuses the credentials of/).waitFor();
    await popover.getByRole('link', { name: 'Open account' }).click();
    await page.waitForURL(/\/settings\/providers\/acc_/);
    // What was shown is read.
    await bell('Notices').waitFor();
  });

  test('stands among the others until it is over', async () => {
    const { page } = visit;
    await page.goto('/settings/notices');
    const title = /^The provider refuses the credentials of/;
    await page.getByRole('list', { name: 'Needs attention' }).getByText(title).waitFor();
    const [account] = await visit.product.sql('SELECT id FROM accounts');
    expect(account).toBeDefined();
    const message = { messages: [{ to: '+12025550118', text: 'Hello' }], purpose: 'transactional' };
    await page.request.post('/api/v1/messages', { data: message, headers: { 'x-signalbox': '1' } });
    await page.getByRole('list', { name: 'Over' }).getByText(title).waitFor();
    expect(await page.getByRole('list', { name: 'Needs attention' }).count()).toBe(0);
  });

  test('is mailed to whom the workspace names, and the screen says that no mails go out', async () => {
    const { page, product } = visit;
    await page.goto('/settings/notices');
    const mail = page.getByRole('region', { name: 'By email' });
    await mail.getByText('No mails go out.').waitFor();
    await mail.getByText('SMTP_URL=').waitFor();
    const addresses = mail.getByLabel('Addresses');
    await addresses.fill('ann@example.com\nbo');
    await mail.getByRole('button', { name: 'Save addresses' }).click();
    await mail.getByText('bo: Not an email address').waitFor();
    await addresses.fill('ann@example.com\nbo@example.com');
    await mail.getByRole('button', { name: 'Save addresses' }).click();
    await page.getByText('Settings saved').waitFor();
    expect(await product.sql('SELECT notice_emails FROM workspaces')).toEqual([
      { notice_emails: ['ann@example.com', 'bo@example.com'] },
    ]);
  });

  test('of too little that is left is asked for on the account', async () => {
    const { page, product } = visit;
    await page.goto('/settings/providers');
    await page.getByRole('link', { name: 'Demo carrier' }).click();
    const limit = page.getByLabel('Warn when less is left than');
    await limit.fill('a lot');
    await page.getByRole('button', { name: 'Save account' }).click();
    await page.getByText('Not written as it has to be').waitFor();
    // More than the carrier gives an account to begin with.
    await limit.fill('1000.5');
    await page.getByRole('button', { name: 'Save account' }).click();
    await expect
      .poll(() => product.sql('SELECT warn_below FROM accounts'), { timeout: 15_000 })
      .toEqual([{ warn_below: '1000500000' }]);
    await page.reload();
    expect(await page.getByLabel('Warn when less is left than').inputValue()).toBe('1000.5');
  });
});
