import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addWithPlus, choose, chosenStep, field, saved } from './support/drawing.ts';
import { hasRead } from './support/read.ts';
import { narrow, pictureOnFailure, startVisit, type Visit } from './support/visit.ts';
import { until } from './support/wait.ts';

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

/** A new flow: keyword, then a send. Returns the ids of its steps. */
async function drawReply(
  page: Page,
  name: string,
  keyword: string,
): Promise<{ readonly keyword: string; readonly send: string }> {
  await page.goto('/flows');
  await page.getByRole('button', { name: 'Create flow' }).click();
  await page.getByLabel('Name of the flow').fill(name);
  await page.keyboard.press('Enter');
  await page
    .getByRole('button', { name: /^Keyword/ })
    .first()
    .click();
  await page.keyboard.type(keyword);
  const first = await chosenStep(page);
  const send = await addWithPlus(page, first, 'next', 'send');
  await field(page, 'Message').fill('First text.');
  await saved(page);
  return { keyword: first, send };
}

/** The draft as it stands in the database. */
async function draft(name: string): Promise<string> {
  const [row] = await visit.product.sql('SELECT graph FROM flows WHERE name = $1', [name]);
  return JSON.stringify(row?.graph);
}

describe('Editing one flow in two places', () => {
  test('the stale one keeps its edits, asks, and reapplies them beside the other’s', async () => {
    const { page } = visit;
    const name = 'Edited twice';
    const steps = await drawReply(page, name, 'TWICE');
    const elsewhere = await visit.another({});
    const other = await elsewhere.newPage();
    await other.goto(new URL(page.url()).pathname);
    await choose(other, steps.send);

    await elsewhere.setOffline(true);
    await field(other, 'Message').fill('Written without a connection.');
    await other.getByText('Not saved, trying again').waitFor();
    await field(page, 'Message').fill('Written meanwhile.');
    await choose(page, steps.keyword);
    await page.getByTestId('inspector').getByLabel('Name of the step').fill('Someone asks');
    await saved(page);
    await elsewhere.setOffline(false);

    const notice = other.getByRole('alert').filter({ hasText: 'Someone else changed' });
    await notice.getByText('“Written without a…”').waitFor();
    const sides = notice.locator('dd');
    expect(await sides.allInnerTexts()).toEqual(['Written without a connection.', 'Written meanwhile.']);
    expect(await field(other, 'Message').inputValue()).toBe('Written without a connection.');
    expect(await draft(name)).toContain('Written meanwhile.');
    await notice.getByRole('button', { name: 'Use my changes' }).click();
    await saved(other);
    await notice.waitFor({ state: 'detached' });
    const merged = await draft(name);
    expect(merged).toContain('Written without a connection.');
    expect(merged).toContain('Someone asks');
    expect(merged).not.toContain('Written meanwhile.');

    // The first one takes the result in by itself: it had nothing unsaved. What was written there does not go unseen.
    await choose(page, steps.send);
    await until(
      'the first tab to show it',
      async () => (await field(page, 'Message').inputValue()) === 'Written without a connection.',
    );
    const replaced = page.getByRole('status').filter({ hasText: 'Someone replaced what you wrote.' });
    expect(await replaced.locator('dd').allInnerTexts()).toEqual([
      'Written meanwhile.',
      'Written without a connection.',
    ]);
    await replaced.getByRole('button', { name: 'Use mine' }).click();
    await saved(page);
    await replaced.waitFor({ state: 'detached' });
    expect(await draft(name)).toContain('Written meanwhile.');
    await elsewhere.close();
  });

  test('edits of different steps are merged without asking', async () => {
    const { page } = visit;
    const name = 'Merged';
    const steps = await drawReply(page, name, 'MERGED');
    const elsewhere = await visit.another({});
    const other = await elsewhere.newPage();
    await other.goto(new URL(page.url()).pathname);
    await choose(other, steps.keyword);
    await elsewhere.setOffline(true);
    await other.getByTestId('inspector').getByLabel('Name of the step').fill('Renamed offline');
    await other.getByText('Not saved, trying again').waitFor();
    await field(page, 'Message').fill('Changed online.');
    await saved(page);
    await elsewhere.setOffline(false);
    await saved(other);
    await until(
      'both edits to be saved',
      async () => /Renamed offline/.test(await draft(name)) && /Changed online/.test(await draft(name)),
    );
    expect(await other.getByText('Someone else changed').count()).toBe(0);
    await elsewhere.close();
  });
});

describe('Undo and redo', () => {
  test('by keyboard, over text, steps and their deletion', async () => {
    const { page } = visit;
    const steps = await drawReply(page, 'Undone', 'UNDONE');
    const card = page.getByTestId(`step-${steps.send}`);
    await field(page, 'Message').press('Escape');
    await page.keyboard.press('Control+z');
    await card.getByText('Not set up yet').waitFor();
    await page.keyboard.press('Control+z');
    await card.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+Shift+z');
    await page.keyboard.press('Control+Shift+z');
    await card.getByText('First text.').waitFor();
    await card.click();
    await card.press('Delete');
    await card.waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await card.getByText('First text.').waitFor();
    await saved(page);
    expect(await draft('Undone')).toContain('First text.');
  });
});

describe('At 390 px', () => {
  test('a flow is built in the outline without sideways scrolling', async () => {
    const phone = await visit.another({ viewport: narrow, hasTouch: true, isMobile: true });
    const page = await phone.newPage();
    pictureOnFailure(page);
    const fits = async () =>
      expect(Number(await page.evaluate('document.documentElement.scrollWidth'))).toBeLessThanOrEqual(narrow.width);
    await page.goto('/flows');
    await page.getByRole('button', { name: 'Create flow' }).tap();
    await fits();
    await page.getByLabel('Name of the flow').fill('On a phone');
    await page.getByRole('dialog').getByRole('button', { name: 'Create flow' }).tap();
    await page.getByRole('button', { name: /^Keyword/ }).tap();
    const sheet = page.getByRole('dialog', { name: 'Step' });
    await sheet.getByLabel('Keywords', { exact: true }).fill('POCKET');
    await fits();
    await sheet.getByRole('button', { name: 'Close step' }).tap();
    await page.getByRole('treeitem', { name: /^Next after Keyword/ }).tap();
    await page.getByRole('option', { name: /Send SMS/ }).tap();
    await sheet.getByLabel('Message', { exact: true }).fill('In your pocket…');
    await sheet.getByText('This character needs UCS-2').waitFor();
    await fits();
    await sheet.getByRole('button', { name: 'Close step' }).tap();
    await sheet.waitFor({ state: 'detached' });
    expect(await page.getByRole('treeitem').count()).toBe(4);
    await page.getByRole('button', { name: 'Publish', exact: true }).tap();
    await fits();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish version 1' }).tap();
    await page.getByRole('button', { name: 'Live v1' }).waitFor();
    for (const address of ['/flows', '/contacts', '/conversations', '/conversations?phone=true']) {
      await page.goto(address);
      await hasRead(page);
      await fits();
    }
    await phone.close();
  });
});
