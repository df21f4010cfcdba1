import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { countedHands } from './support/counted-hands.ts';
import { field, focused } from './support/drawing.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';
import { until } from './support/wait.ts';

const mouseLimit = 8;
const keyboardLimit = 11;
const phone = '+12025550198';

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit();
}, 120_000);
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

const phoneSchema = z.object({ data: z.array(z.object({ direction: z.string(), body: z.string() })) });
const flowsSchema = z.object({ data: z.array(z.object({ id: z.string(), kind: z.string() })) });

/** Texts a keyword from a phone of the carrier, past the screen, and returns the answer that comes to it. */
async function replyTo(keyword: string): Promise<string> {
  const { product, page } = visit;
  const [sender] = await product.sql('SELECT address FROM senders');
  const path = `/demo/phone/phones/${encodeURIComponent(phone)}/messages`;
  const incoming = async () =>
    phoneSchema.parse(await (await page.request.get(path)).json()).data.filter((text) => text.direction === 'incoming');
  const before = (await incoming()).length;
  const data = { to: z.string().parse(sender?.address), body: keyword };
  expect((await page.request.post(path, { data, headers: { 'x-signalbox': '1' } })).ok()).toBe(true);
  return until(`the answer to ${keyword}`, async () => (await incoming())[before]?.body);
}

/** Stops and archives what an earlier test drew, so that the workspace is empty again, and opens the list of flows. */
async function emptyWorkspace(): Promise<void> {
  const { page } = visit;
  const headers = { 'x-signalbox': '1' };
  const flows = flowsSchema.parse(await (await page.request.get('/api/v1/flows')).json());
  for (const flow of flows.data.filter((each) => each.kind === 'drawn')) {
    const stopped = await page.request.post(`/api/v1/flows/${flow.id}/stop`, {
      headers: { ...headers, 'idempotency-key': `stop-${flow.id}` },
    });
    expect(stopped.status(), await stopped.text()).toBe(200);
    await until('the flow to be archived', async () =>
      (await page.request.delete(`/api/v1/flows/${flow.id}`, { headers: { ...headers, 'if-match': '*' } })).ok(),
    );
  }
  await page.goto('/flows');
  await page.getByRole('button', { name: 'Start with a keyword reply' }).waitFor();
}

describe('A keyword reply from an empty workspace', () => {
  test('the samples go with one button, and the workspace is empty', async () => {
    const { page, product } = visit;
    await until('the sample conversations to come to rest', async () => {
      const [rest] = await product.sql(
        'SELECT (SELECT count(*) FROM enrollments)::int AS here, (SELECT count(*) FROM enrollment_history)::int AS done',
      );
      return rest?.here === 1 && rest.done === 4;
    });
    await page.getByRole('button', { name: 'Remove sample data' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove sample data' }).click();
    await page.getByText('Sample data removed').waitFor();
    await page.getByRole('heading', { name: 'Your first flow takes a minute' }).waitFor();
    expect(await product.sql('SELECT 1 FROM contacts')).toEqual([]);
    expect(await product.sql("SELECT name FROM flows WHERE kind = 'drawn'")).toEqual([]);
  });

  test(`is published within ${mouseLimit} mouse actions, and answers`, async () => {
    const { page } = visit;
    await emptyWorkspace();
    const hands = await countedHands(page);
    await hands.click(page.getByRole('button', { name: 'Start with a keyword reply' }));
    await field(page, 'Keywords').waitFor();
    await hands.type('HOURS');
    await hands.click(page.locator('[data-testid^="step-send_sms"]'));
    await hands.click(field(page, 'Message'));
    await hands.type('We are open from 9 to 6.');
    await hands.click(page.getByRole('button', { name: 'Publish version 1' }));
    await hands.click(page.getByRole('dialog').getByRole('button', { name: 'Publish version 1' }));
    await page.getByRole('button', { name: 'Live v1' }).waitFor();
    expect(hands.actions().length, hands.actions().join('\n')).toBeLessThanOrEqual(mouseLimit);
    expect(hands.actions(), 'every action is counted').toHaveLength(7);
    expect(await hands.felt(), 'the page felt nothing else').toEqual(hands.made());
    expect(await replyTo('hours')).toBe('We are open from 9 to 6.');
  });

  test(`is published within ${keyboardLimit} keyboard actions, and answers`, async () => {
    const { page } = visit;
    await emptyWorkspace();
    const hands = await countedHands(page);
    await hands.press('Enter');
    await field(page, 'Keywords').waitFor();
    await focused(field(page, 'Keywords'));
    await hands.type('MENU');
    await hands.press('F8');
    await field(page, 'Message').waitFor();
    await focused(field(page, 'Message'));
    await hands.type('Soup today.');
    await hands.press('Control+Enter');
    const go = page.getByRole('dialog').getByRole('button', { name: 'Publish version 1' });
    await focused(go);
    await hands.press('Enter');
    await page.getByRole('button', { name: 'Live v1' }).waitFor();
    expect(hands.actions().length, hands.actions().join('\n')).toBeLessThanOrEqual(keyboardLimit);
    expect(hands.actions(), 'every action is counted').toHaveLength(6);
    expect(await hands.felt(), 'the page felt nothing else').toEqual(hands.made());
    expect(await replyTo('menu')).toBe('Soup today.');

    // Read back without a mouse: the outline says the same, and its rows take the focus.
    await page.keyboard.press('Control+Shift+O');
    const rows = page.getByRole('tree', { name: 'Outline of the flow' }).getByRole('treeitem');
    await rows.filter({ hasText: 'Someone texts MENU' }).focus();
    await page.keyboard.press('ArrowDown');
    await focused(rows.filter({ hasText: 'Soup today.' }));
  });

  test('and whoever goes past the counted hands is felt by the page', async () => {
    const { page } = visit;
    await page.goto('/contacts');
    const search = page.getByLabel('Search name, number or email');
    await search.waitFor();
    const past: ReadonlyArray<readonly [string, () => Promise<void>]> = [
      ['pointers', () => page.getByRole('heading', { name: 'People' }).first().click()],
      ['keys', () => page.keyboard.press('Shift')],
      ['inputs', () => search.fill('planted')],
    ];
    for (const [what, act] of past) {
      const hands = await countedHands(page);
      expect(await hands.felt()).toEqual(hands.made());
      await act();
      expect([what, await hands.felt()]).not.toEqual([what, hands.made()]);
    }
  });
});
