import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

test('the page of a person tells what happened with them in one order, or one kind of it', async () => {
  const { page } = visit;
  await page.goto('/contacts?search=contact%201');
  await page.getByRole('link', { name: 'Sample contact 1', exact: true }).click();
  await page.getByRole('tab', { name: 'Timeline' }).click();
  const timeline = page.getByRole('list', { name: 'Timeline' });
  await timeline.getByText('Hello', { exact: true }).waitFor();
  await timeline.getByText('Entered a flow').waitFor();
  await timeline.getByText('Agreed to').first().waitFor();
  const show = async (kind: string) => {
    await page.getByRole('combobox', { name: 'What is shown' }).click();
    await page.getByRole('option', { name: kind }).click();
  };
  await show('Flows');
  await expect.poll(() => timeline.getByText('Hello', { exact: true }).count()).toBe(0);
  await timeline.getByText('Entered a flow').waitFor();
  await show('Events');
  await expect.poll(() => timeline.getByText('Entered a flow').count()).toBe(0);
  await timeline.getByText('order.placed').first().waitFor();
  await show('Messages');
  await timeline.getByRole('link', { name: 'They wrote' }).last().click();
  await page.waitForURL('**/messages/msg_*');
});
