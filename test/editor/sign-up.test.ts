import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { narrow, pictureOnFailure, startVisit, type Visit } from './support/visit.ts';

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

test('A form is made, somebody signs up on its page on a phone, and it is counted and off when it is turned off', async () => {
  const { page, browser, product } = visit;
  await page.goto('/contacts/sign-up-forms');
  await page.getByText('Sample: website').waitFor();
  await page.getByRole('button', { name: 'New sign-up form' }).click();
  await page.getByLabel('Name', { exact: true }).fill('At the till');
  await page.getByLabel('Heading', { exact: true }).fill('Offers by text');
  await page.getByLabel('How often you text').fill('Up to 2 texts a month');
  await page.getByLabel('Address of your terms').fill('http://example.com/terms');
  await page.getByLabel('Address of your privacy policy').fill('https://example.com/privacy');
  await page.getByLabel('Websites that may show it').fill('www.example.com, shop.example.com');
  await page.getByRole('button', { name: 'Add form' }).click();
  await page.getByText('Use an https address that the internet reaches').waitFor();
  await page.getByLabel('Address of your terms').fill('https://example.com/terms');
  await page.getByRole('button', { name: 'Add form' }).click();
  const row = page.getByRole('listitem').filter({ hasText: 'At the till' });
  await row.getByRole('button', { name: 'Copy snippet of At the till' }).waitFor();
  const address = (await row.getByRole('link').getAttribute('href')) ?? '';

  const phone = await browser.newContext({ viewport: narrow, hasTouch: true, javaScriptEnabled: false });
  const theirs = await phone.newPage();
  await theirs.goto(`${product.url}${new URL(address).pathname}`);
  await theirs.getByLabel('Mobile number').fill('202 555 01');
  await theirs.getByRole('checkbox').check();
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  await theirs.getByRole('button', { name: 'Sign up' }).click();
  await theirs.getByRole('alert').filter({ hasText: 'too short' }).waitFor();
  await theirs.getByLabel('Mobile number').fill('202 555 0181');
  await theirs.getByRole('checkbox').check();
  await new Promise((resolve) => setTimeout(resolve, 1_050));
  await theirs.getByRole('button', { name: 'Sign up' }).click();
  await theirs.getByRole('heading', { name: 'Thank you' }).waitFor();

  await row.getByText('1 sign-up', { exact: true }).waitFor();
  await row.getByRole('button', { name: 'Turn off At the till' }).click();
  await row.getByText('Turned off').waitFor();
  await theirs.goto(`${product.url}${new URL(address).pathname}`);
  expect(await theirs.getByRole('heading').textContent()).toBe('Sign-ups are closed');
  await phone.close();
}, 60_000);
