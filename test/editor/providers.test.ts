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

const section = (name: string) => visit.page.getByRole('region', { name });

describe('Settings', () => {
  test('of the workspace are saved, and hold for people without a time zone of their own', async () => {
    const { page, product } = visit;
    await page.goto('/settings');
    const save = page.getByRole('button', { name: 'Save settings' });
    await page.getByLabel('Name').waitFor();
    expect(await save.isDisabled()).toBe(true);
    await page.getByLabel('Name').fill('Our shop');
    await page.getByRole('combobox', { name: 'Time zone' }).click();
    await page.getByPlaceholder('Find a city or zone').fill('vienna');
    await page.keyboard.press('Enter');
    await save.click();
    await page.getByText('Settings saved').waitFor();
    expect(await product.sql('SELECT name, time_zone FROM workspaces')).toEqual([
      { name: 'Our shop', time_zone: 'Europe/Vienna' },
    ]);
    await page.reload();
    expect(await page.getByLabel('Name').inputValue()).toBe('Our shop');
  });

  test('say where home is, whom texts are from and where links lead; what does not fit is said at its field', async () => {
    const { page, product } = visit;
    await page.goto('/settings');
    const choose = async (field: string, search: string, text: string) => {
      await page.getByRole('combobox', { name: field }).click();
      await page.getByPlaceholder(search).fill(text);
      await page.keyboard.press('Enter');
    };
    await choose('Home country', 'Find a country', 'austri');
    await choose('Currency', 'Find a currency', 'eur');
    await choose('Language', 'Find a language, or enter its tag', 'de-LI');
    await page.getByLabel('Brand').fill('Our shop');
    await page.getByLabel('Domain of short links').fill('https://go.example.com');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await page.getByText('Use a host name such as go.example.com').waitFor();
    await page.getByLabel('Domain of short links').fill('go.example.com');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await page.getByText('Settings saved').waitFor();
    const columns = 'home_country, currency, language, brand, link_domain';
    expect(await product.sql(`SELECT ${columns} FROM workspaces`)).toEqual([
      {
        home_country: 'AT',
        currency: 'EUR',
        language: 'de-LI',
        brand: 'Our shop',
        link_domain: 'go.example.com',
      },
    ]);
    await page.getByLabel('Brand').fill('');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await expect
      .poll(() => product.sql('SELECT brand FROM workspaces'), { timeout: 15_000 })
      .toEqual([{ brand: null }]);
    // Where somebody writes a number, home is known.
    await page.goto('/contacts');
    await page.getByRole('button', { name: 'Add contact' }).click();
    await page.getByText('Without a country code it is read as a number of Austria.').waitFor();
    expect(await page.getByLabel('Phone number').getAttribute('placeholder')).toBe('+43 …');
    // Texts go to the home country alone: what follows sends to the sample people.
    await page.goto('/settings');
    await choose('Home country', 'Find a country', 'united states');
    await page.getByRole('button', { name: 'Save settings' }).click();
    await expect
      .poll(() => product.sql('SELECT home_country FROM workspaces'), { timeout: 15_000 })
      .toEqual([{ home_country: 'US' }]);
  });
});

describe('Providers', () => {
  test('are all offered, and what one of them asks for stands in its form', async () => {
    const { page } = visit;
    await page.goto('/settings/providers');
    await page.getByRole('link', { name: 'Demo carrier' }).waitFor();
    await page.getByRole('button', { name: 'Connect a provider' }).click();
    const offered = page.getByRole('list', { name: 'Provider' }).getByRole('button');
    await offered.first().waitFor();
    const titles = (await offered.allTextContents()).join(' ');
    for (const title of [
      'Bandwidth',
      'Bird',
      'ClickSend',
      'MessageBird',
      'Plivo',
      'SMS Broadcast',
      'Telstra',
      'Twilio',
      'Vonage',
    ])
      expect(titles).toContain(title);
    await page.getByLabel('Find a provider').fill('vona');
    await expect.poll(() => offered.count()).toBe(1);
    await offered.first().click();
    await page.getByRole('dialog', { name: 'Connect Vonage' }).getByLabel('API key').waitFor();
  });

  test('what does not fit is said at its field, and what was typed stays', async () => {
    const { page } = visit;
    const dialog = page.getByRole('dialog', { name: 'Connect Vonage' });
    await dialog.getByLabel('API secret').fill('the-secret-of-the-key');
    await dialog.getByLabel('Signature secret').fill('the-signature-secret-of-the-account');
    await dialog.getByRole('textbox', { name: 'Sends from' }).fill('+44 20');
    await dialog.getByRole('button', { name: 'Connect account' }).click();
    await dialog.locator('#connect-api_key-problems').getByText(/./).first().waitFor();
    await dialog.getByLabel('API key').fill('a1b2c3d4');
    await dialog.getByRole('button', { name: 'Connect account' }).click();
    await dialog.locator('#connect-sender-problems').getByText('Use a number in international form').waitFor();
    expect(await dialog.getByLabel('API secret').inputValue()).toBe('the-secret-of-the-key');
    await dialog.getByRole('textbox', { name: 'Sends from' }).fill('+44 20 7946 0018');
    await dialog.getByRole('button', { name: 'Connect account' }).click();
    await page.waitForURL(/\/settings\/providers\/acc_/);
    await page.getByRole('heading', { name: 'Vonage', exact: true }).waitFor();
  });

  test('an account is asked whether it works, and what is left in it', async () => {
    const { page } = visit;
    await page.getByRole('button', { name: 'Test connection' }).click();
    await section('Connection').getByText('Works', { exact: true }).waitFor();
    await section('Connection').getByText('€100.00').waitFor();
  });

  test('a text to its number is answered from there', async () => {
    const { page, product } = visit;
    const phone = '+12025550198';
    const text = await page.request.post(`/demo/phone/phones/${encodeURIComponent(phone)}/messages`, {
      data: { to: '+442079460018', body: 'HELLO' },
      headers: { 'x-signalbox': '1' },
    });
    expect(text.status()).toBe(201);
    await expect
      .poll(() => product.sql(`SELECT sender, state FROM messages WHERE number = '${phone}' AND direction = 'out'`), {
        timeout: 20_000,
      })
      .toEqual([{ sender: '+442079460018', state: 'delivered' }]);
  });

  test('senders are added and removed; the last one stays', async () => {
    const { page } = visit;
    const senders = section('Senders');
    expect(await senders.getByRole('button', { name: /^Remove/ }).getAttribute('aria-disabled')).toBe('true');
    await senders.getByLabel('Add sender').fill('Our shop');
    await senders.getByRole('button', { name: 'Add sender' }).click();
    await senders.getByRole('listitem').filter({ hasText: 'Our shop' }).getByText('Name (takes no replies)').waitFor();
    await senders.getByLabel('Add sender').fill('+12025550100');
    await senders.getByRole('button', { name: 'Add sender' }).click();
    await senders.getByText('A sender belongs to another account').waitFor();
    await senders.getByRole('button', { name: 'Remove Our shop' }).click();
    await senders.getByRole('listitem').filter({ hasText: 'Our shop' }).waitFor({ state: 'detached' });
    await page.getByText('Our shop was removed').waitFor();
  });

  test('new credentials are saved without showing the old, and wrong ones are told by the provider', async () => {
    const { page, product } = visit;
    const [before] = await product.sql("SELECT previous_secret FROM accounts WHERE provider = 'vonage'");
    expect(before).toEqual({ previous_secret: null });
    const credentials = section('Credentials');
    expect(await credentials.getByLabel('API secret').inputValue()).toBe('');
    await credentials.getByLabel('API secret').fill('another-secret-of-the-key');
    await page.getByRole('button', { name: 'Save account' }).click();
    await page.getByText('Account saved').waitFor();
    expect(await credentials.getByLabel('API secret').inputValue()).toBe('');
    const [after] = await product.sql(
      "SELECT previous_secret IS NOT NULL AS kept FROM accounts WHERE provider = 'vonage'",
    );
    expect(after).toEqual({ kept: true });
    // The demo carrier is told of what its customer changed, as the provider would know it.
    await page.getByRole('button', { name: 'Test connection' }).click();
    await section('Connection').getByText('Works', { exact: true }).waitFor();
  });

  test('addresses are copied; where they are the secret they can be made anew', async () => {
    const { page } = visit;
    await page.goto('/settings/providers');
    await page.getByRole('button', { name: 'Connect a provider' }).click();
    await page.getByRole('button', { name: /SMS Broadcast/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Connect SMS Broadcast' });
    await dialog.getByLabel('API key').fill('our-api-key');
    await dialog.getByLabel('API secret').fill('the-secret-of-the-key');
    await dialog.getByRole('textbox', { name: 'Sends from' }).fill('+61 491 570 156');
    await dialog.getByRole('button', { name: 'Connect account' }).click();
    await page.getByRole('heading', { name: 'SMS Broadcast', exact: true }).waitFor();
    const addresses = section('Addresses to enter at SMS Broadcast');
    const first = await addresses.locator('code').first().textContent();
    expect(first).toMatch(/\/webhooks\/sms-broadcast\/[0-9a-f-]{36}\/[\w-]{32}\/sms$/);
    await addresses.getByText('these addresses are the secret').waitFor();
    await addresses.getByRole('button', { name: 'Copy: For texts from people' }).click();
    await page.getByText('Address copied').waitFor();
    await addresses.getByRole('button', { name: 'Make new addresses' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Make new addresses' }).click();
    await page.getByText('New addresses are ready to be entered').waitFor();
    expect(await addresses.locator('code').first().textContent()).not.toBe(first);
  });

  test('a provider that signs nothing can be asked for a login and a network', async () => {
    const { page } = visit;
    const guard = section('Make sure that it is SMS Broadcast');
    await guard.getByLabel('User name').fill('carrier');
    await guard.getByLabel('Password').fill('short');
    await guard.getByLabel('Networks it calls from').fill('203.0.113.0/24\nexample.com');
    await guard.getByRole('button', { name: 'Save login and networks' }).click();
    await guard.locator('#guard-password-problems').getByText(/./).first().waitFor();
    await guard.getByLabel('Password').fill('a-long-password');
    await guard.getByRole('button', { name: 'Save login and networks' }).click();
    await guard.getByText('Use an address such as 203.0.113.7').waitFor();
    await guard.getByLabel('Networks it calls from').fill('203.0.113.0/24');
    await guard.getByRole('button', { name: 'Save login and networks' }).click();
    await page.getByText('Account saved').waitFor();
    await page.reload();
    await expect.poll(() => guard.getByLabel('User name').inputValue()).toBe('carrier');
    expect(await guard.getByLabel('Password').inputValue()).toBe('');
    expect(await guard.getByLabel('Networks it calls from').inputValue()).toBe('203.0.113.0/24');
  });

  test('an address of an account that is not there leads back', async () => {
    const { page } = visit;
    await page.goto(`/settings/providers/acc_${'0'.repeat(26)}`);
    await page.getByRole('heading', { name: 'This account does not exist' }).waitFor();
    await page.getByRole('link', { name: 'Go to all providers' }).click();
    await page.getByRole('link', { name: 'Vonage' }).waitFor();
  });
});
