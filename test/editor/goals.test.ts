import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

test('a goal is made, counts what was done before it and says what it cannot read, is archived and brought back', async () => {
  const { page } = visit;
  await page.getByRole('navigation').getByRole('link', { name: 'Campaigns' }).click();
  await page.getByRole('link', { name: 'Goals' }).click();
  await page.getByRole('link', { name: 'Sample: orders' }).waitFor();
  await page.getByText('9 conversions').waitFor();
  await page.getByRole('button', { name: 'New goal' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: true }).fill('sample: orders');
  await dialog.getByLabel('Name of the event').fill('Order placed');
  await dialog.getByLabel('It is worth money').click();
  await dialog.getByLabel('Field with the amount').fill('total');
  await dialog.getByRole('button', { name: 'Add goal' }).click();
  await dialog.locator('#goal-event-problems p').waitFor();
  await dialog.getByLabel('Name of the event').fill('order.placed');
  await dialog.getByLabel('Days after a click').fill('7');
  await dialog.getByRole('button', { name: 'Add goal' }).click();
  await dialog.getByText('There is a goal of this name already.').waitFor();
  await dialog.getByLabel('Name', { exact: true }).fill('Orders in the shop');
  await dialog.getByRole('button', { name: 'Add goal' }).click();

  await page.getByRole('heading', { name: 'Orders in the shop' }).waitFor();
  await page.getByText('1 without a value').waitFor();
  await page.getByText('$318.15', { exact: true }).waitFor();
  await page.getByText('up to 7 days after somebody followed a link').waitFor();
  const who = page.getByRole('list', { name: 'Who reached it' });
  await expect.poll(() => who.getByRole('listitem').count()).toBe(9);
  await who.getByRole('listitem').first().getByText('No value').waitFor();
  await page.getByRole('button', { name: 'Archive goal' }).click();
  await page.getByText('Archived', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Bring back goal' }).click();
  await page.getByRole('button', { name: 'Archive goal' }).waitFor();
  await page.goto('/campaigns/goals/gol_00000000000000000000000000');
  await page.getByRole('link', { name: 'All goals' }).click();
  await page.getByRole('link', { name: 'Orders in the shop' }).waitFor();
});
