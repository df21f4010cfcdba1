import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

test('a pool is made and filled with codes of a shop and made ones, and texts offer it', async () => {
  const { page } = visit;
  await page.goto('/campaigns/codes');
  await page.getByRole('link', { name: 'Sample: welcome' }).waitFor();
  await page.getByRole('button', { name: 'New pool' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('Spring');
  await dialog.getByLabel('Tell me below').fill('10');
  await dialog.getByRole('button', { name: 'Add pool' }).click();
  await page.getByText('{{ codes.spring }}').waitFor();
  await page.getByRole('button', { name: 'Add codes' }).click();
  await dialog.getByLabel('Pattern').fill('SPRING-##');
  await dialog.getByRole('button', { name: 'Add codes' }).click();
  await dialog.getByText('Codes like these can be guessed').waitFor();
  await dialog.getByLabel('Pattern').fill('SPRING-########');
  await dialog.getByLabel('How many').fill('20');
  await dialog.getByRole('button', { name: 'Add codes' }).click();
  await page.getByText('20 codes were added').waitFor();
  await page.getByRole('button', { name: 'Add codes' }).click();
  await dialog.getByRole('combobox', { name: 'Where they come from' }).click();
  await page.getByRole('option', { name: /^Codes of your shop/ }).click();
  await dialog.getByLabel('Codes', { exact: true }).fill('code\nSHOP-1\nSHOP 2');
  await dialog.getByRole('button', { name: 'Add codes' }).click();
  await dialog.getByText(/^Line 2: Letters, digits/).waitFor();
  await dialog.getByLabel('Codes', { exact: true }).fill('code\nSHOP-1\nSHOP-2');
  await dialog.getByText('2 codes', { exact: true }).waitFor();
  await dialog.getByRole('button', { name: 'Add codes' }).click();
  await expect.poll(() => page.locator('dl dd').first().textContent()).toBe('22');

  await page.goto('/messages/templates?search=first%20tip');
  await page.getByRole('link', { name: 'Sample: first tip' }).click();
  await page.locator('#text-en').click();
  await page.keyboard.press('Control+End');
  await page.keyboard.type(' {{ codes.sp');
  await page.getByRole('option', { name: 'Code: Spring' }).click();
  await page.getByText('SAMPLE-7K2QX9').waitFor();
});
