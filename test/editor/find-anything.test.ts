import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { focused } from './support/drawing.ts';
import { wholeScreens } from './support/screens.ts';
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
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

type Sought = Parameters<Locator['filter']>[0];

/** Opens the palette from the keyboard, types, and takes the first entry of a group that is what is sought. */
async function take(page: Page, typed: string, group: string, sought: Sought): Promise<void> {
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox');
  await focused(field);
  await page.keyboard.type(typed);
  await page.getByRole('group', { name: group }).getByRole('option').filter(sought).first().click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** Takes the entry that holds these words. */
const find = (page: Page, typed: string, group: string, words: string | RegExp): Promise<void> =>
  take(page, typed, group, { hasText: words });

/** Goes to a screen by its whole name, which another's may begin with. */
const findScreen = (page: Page, label: string): Promise<void> =>
  take(page, label, 'Go to', { has: page.getByText(label, { exact: true }) });

describe('Ctrl+K finds', () => {
  test('every screen, by its name and by what people call it', async () => {
    const { page } = visit;
    const screens = await wholeScreens();
    const inRail = screens.filter(({ place }) => place.rail !== null).map(({ label }) => label);
    const links = page.getByRole('navigation', { name: 'Main' }).getByRole('link').filter({ hasText: /./ });
    await links.first().waitFor();
    expect(await links.allInnerTexts()).toEqual(inRail);
    for (const { label, path } of screens) {
      await findScreen(page, label);
      await page.waitForURL(({ pathname }) => pathname === path);
      if (inRail.includes(label)) await page.getByRole('heading', { name: label, level: 1 }).waitFor();
    }
    await find(page, 'audience', 'Go to', 'People');
    await page.waitForURL('**/contacts');
  });

  test('and every screen that lies under one of the rail is one click from there', async () => {
    const { page } = visit;
    const screens = await wholeScreens();
    for (const { label, path, place } of screens) {
      const parent = screens.find(({ id }) => id === place.under);
      if (parent === undefined) continue;
      await findScreen(page, parent.label);
      const under = page.getByRole('navigation', { name: `Under ${parent.label}`, exact: true });
      await under.getByRole('link', { name: label, exact: true }).click();
      await page.waitForURL(({ pathname }) => pathname === path);
    }
  });

  test('a flow, a person and a message by some of its words', async () => {
    const { page, product } = visit;
    const [flow] = await product.sql("SELECT name FROM flows WHERE kind = 'drawn' LIMIT 1");
    await find(page, String(flow?.name), 'Flows', String(flow?.name));
    await page.waitForURL(/\/flows\/flw_/);
    const [person] = await product.sql(
      "SELECT trim(concat_ws(' ', first_name, last_name)) AS name FROM contacts WHERE first_name IS NOT NULL ORDER BY id LIMIT 1",
    );
    await find(page, String(person?.name), 'People', String(person?.name));
    await page.waitForURL(/\/contacts\/con_/);
    const [message] = await product.sql(
      "SELECT substring(body from 10 for 14) AS words FROM messages WHERE direction = 'out' ORDER BY id LIMIT 1",
    );
    await find(page, String(message?.words).trim(), 'Messages', String(message?.words).trim());
    await page.waitForURL(/\/conversations\/con_/);
  });

  test('a flow that was archived, says that it is, and leads to where it can be restored', async () => {
    const { page, product } = visit;
    const headers = { 'x-signalbox': '1' };
    const made = await page.request.post('/api/v1/flows', { data: { name: 'Winter 50%_off sale' }, headers });
    const { id } = z.object({ id: z.string() }).parse(await made.json());
    const archive = await page.request.delete(`/api/v1/flows/${id}`, {
      headers: { ...headers, 'if-match': made.headers().etag ?? '' },
    });
    expect(archive.status()).toBe(204);
    await page.goto('/contacts');
    await page.getByRole('list', { name: 'People' }).waitFor();
    await find(page, 'winter', 'Flows', /^Winter 50%_off saleArchived$/);
    await page.waitForURL(/\/flows\?/);
    const list = page.getByRole('list', { name: 'Archived' });
    await list.getByText('Winter 50%_off sale').waitFor();
    await list.getByRole('button', { name: 'Restore “Winter 50%_off sale”' }).click();
    await until('the flow to be back', async () => {
      const [flow] = await product.sql("SELECT archived_at FROM flows WHERE name = 'Winter 50%_off sale'");
      return flow?.archived_at === null;
    });
    await find(page, 'winter', 'Flows', /^Winter 50%_off sale$/);
    await page.waitForURL(new RegExp(`/flows/${id}`));
    expect(visit.faults).toEqual([]);
  });
});
