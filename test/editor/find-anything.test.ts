import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { focused } from './support/drawing.ts';
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

/** Opens the palette from the keyboard, types, and takes the entry of a group that holds these words. */
async function find(page: Page, typed: string, group: string, words: string | RegExp): Promise<void> {
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox');
  await focused(field);
  await page.keyboard.type(typed);
  await page.getByRole('group', { name: group }).getByRole('option').filter({ hasText: words }).first().click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

describe('Ctrl+K finds', () => {
  test('every screen, by its name and by what people call it', async () => {
    const { page } = visit;
    const rail = page.getByRole('navigation', { name: 'Main' });
    const links = rail.getByRole('link').filter({ hasText: /./ });
    await links.first().waitFor();
    const names = await links.allInnerTexts();
    expect(names).toHaveLength(3);
    expect(names.length).toBeLessThanOrEqual(8);
    for (const name of names) {
      await find(page, name, 'Go to', name);
      await page.getByRole('heading', { name, level: 1 }).waitFor();
    }
    await find(page, 'audience', 'Go to', 'People');
    await page.waitForURL('**/contacts');
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
