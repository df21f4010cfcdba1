import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { oneStory } from './support/story.ts';
import { narrow, pictureOnFailure, startVisit, type Visit } from './support/visit.ts';

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
const inStory = oneStory();
inStory();
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

test('a test says in words what it says, and every figure has its interval', async () => {
  const { page } = visit;
  await page.goto('/campaigns/tests');
  await page.getByText(/^Not yet: \d+ more days at this rate$/).waitFor();
  await page.getByText('“Reminder with an offer” won').waitFor();
  await page.getByRole('link', { name: 'Sample: tests of a reminder' }).first().click();
  const arms = page.getByRole('region', { name: 'Results of each arm' });
  for (const arm of ['Short', 'Friendly', 'As a question'])
    expect(await arms.getByRole('row', { name: new RegExp(`^${arm}`) }).textContent()).toMatch(/%\d.*–/);
  await page.getByText('by Holm’s method').waitFor();
  const chart = page.getByRole('img', { name: /^Friendly: [+-]?[\d.]+ points?, from .* to .*, at the last look$/ });
  await chart.waitFor();
  // The same for whoever does not see the chart.
  await page.getByText('Show the looks as a table').click();
  const looks = page.getByRole('region', { name: 'Looks at the test' });
  expect(await looks.getByRole('row').count()).toBeGreaterThan(50);
  await page
    .getByRole('region', { name: 'To read, not to decide by' })
    .getByRole('columnheader', { name: 'Is the best' })
    .waitFor();
});

test('its step leads to it, and the calculator says how many people a difference takes', async () => {
  const { page } = visit;
  await page.getByRole('link', { name: 'Open the flow' }).click();
  const form = page.getByTestId('inspector');
  await form.getByRole('link', { name: 'Results of this test' }).waitFor();
  await form.getByLabel('Weight of arm 2').fill('2');
  await form.getByText('50%').waitFor();
  await form.getByRole('button', { name: 'How many?' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Points more to see').fill('2');
  await dialog.getByRole('button', { name: /^Plan with [\d,]+ people$/ }).click();
  await expect.poll(() => form.getByLabel('Smallest difference worth knowing of').inputValue()).toBe('2');
  await form.getByRole('combobox', { name: 'What counts' }).click();
  await page.getByRole('option', { name: 'Revenue' }).click();
  await form.getByText('No goal is chosen').first().waitFor();
  await form.getByRole('combobox', { name: 'Goal' }).click();
  await page.getByRole('option', { name: 'Sample: orders' }).click();
  await expect.poll(() => form.getByText('No goal is chosen').count()).toBe(0);
});

test('somebody decides with the keyboard alone, and says why', async () => {
  const { page } = visit;
  await page.goto('/campaigns/tests');
  await page.getByRole('link', { name: 'Sample: tests of a reminder' }).first().focus();
  await page.keyboard.press('Enter');
  const open = page.getByRole('button', { name: 'Decide by hand' });
  await open.waitFor();
  await open.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox', { name: 'What everybody gets' }).focus();
  await page.keyboard.press('Enter');
  // The list takes the keyboard a moment after it is there.
  const focused = () => page.evaluate('document.activeElement?.textContent');
  await expect.poll(focused).toMatch(/^Short/);
  await page.keyboard.press('ArrowDown');
  await expect.poll(focused).toMatch(/^Friendly/);
  await page.keyboard.press('Enter');
  await dialog.getByText('The test has not proven it').waitFor();
  expect(await dialog.getByRole('button', { name: 'Send “Friendly” to everybody' }).isDisabled()).toBe(true);
  await dialog.getByLabel('Why').focus();
  await page.keyboard.type('The shop likes it');
  await dialog.getByRole('button', { name: 'Send “Friendly” to everybody' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Decided by hand for “Friendly”' }).waitFor();
  await page.getByText('The shop likes it').waitFor();
  expect(await open.count()).toBe(0);
  await page.goto('/campaigns/tests?state=running');
  await page.getByText('No test is in this state').waitFor();
  await page.goto('/campaigns/tests/tst_00000000000000000000000000');
  await page.getByText('This test does not exist').waitFor();
});

test('nothing of a page is wider than a phone', async () => {
  const phone = await visit.another({ viewport: narrow });
  const page = await phone.newPage();
  for (const at of [0, 1]) {
    await page.goto('/campaigns/tests');
    await page.locator('main li a').nth(at).click();
    await page.locator('main figure svg').first().waitFor();
    expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(narrow.width);
  }
  await phone.close();
});
