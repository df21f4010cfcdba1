import { flow } from '@signalbox/nodes/flow/builder';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { foreignTexts } from './support/foreign-texts.ts';
import { narrow, pictureOnFailure, startVisit, type Visit } from './support/visit.ts';
import { until } from './support/wait.ts';
import { throttle } from './support/watched-browser.ts';

const headers = { 'x-signalbox': '1' };
const idSchema = z.object({ id: z.string() });
/** A word without a place to break it. */
const word = (length: number): string => 'שלוםעולם'.repeat(length).slice(0, length);
const phone = '+12025550195';

let visit: Visit;
let address: string;
let person: string;
beforeAll(async () => {
  visit = await startVisit();
  const { page, product } = visit;
  const w = flow(word(80));
  const start = w.step('start', keyword, { keywords: [word(40)] });
  const ask = w.step('ask', sendSms, { text: word(200), purpose: 'transactional' });
  const wait = w.step('wait', waitForReply, { timeout: { amount: 2, unit: 'days' } }, { name: word(80) });
  const condition = { field: 'reply.text', op: 'is', value: word(100) } as const;
  const decide = w.step('decide', branch, { branches: [{ id: 'yes', label: word(40), condition }] });
  const answer = w.step('answer', sendSms, { text: word(200), purpose: 'marketing' });
  start.to('next', ask);
  ask.to('sent', wait);
  wait.to('replied', decide);
  decide.to('yes', answer);
  const post = async (path: string, data: unknown) => {
    const made = await page.request.post(path, { headers, data });
    expect(made.ok(), await made.text()).toBe(true);
    return made;
  };
  const { id } = idSchema.parse(await (await post('/api/v1/flows', { ...w.build(), description: word(200) })).json());
  address = `/flows/${id}`;
  const put = await page.request.post(`/api/v1/flows/${id}/publish`, { headers: { ...headers, 'if-match': '*' } });
  expect(put.ok(), await put.text()).toBe(true);
  const profile = { phone, first_name: word(80), last_name: word(80), attributes: { city: word(200) } };
  person = idSchema.parse(await (await post('/api/v1/contacts', profile)).json()).id;
  const [sender] = await product.sql('SELECT address FROM senders');
  const text = (body: string) =>
    post(`/demo/phone/phones/${encodeURIComponent(phone)}/messages`, { to: String(sender?.address), body });
  const here = (step: string) =>
    until(`the person at ${step}`, async () => {
      const list = await page.request.get(`/api/v1/flows/${id}/enrollments?step_id=${step}`);
      return z.object({ data: z.array(z.unknown()) }).parse(await list.json()).data.length === 1;
    });
  await text(word(40));
  await here('wait');
  await text(word(150));
  await until('the way to be over', async () => {
    const [row] = await product.sql(
      'SELECT count(*)::int AS n FROM enrollment_history h JOIN contacts c ON c.id = h.contact_id WHERE c.phone = $1',
      [phone],
    );
    return row?.n === 1;
  });
}, 120_000);
afterAll(() => visit.close(), 60_000);

type Screen = readonly [name: string, open: (page: Page) => Promise<void>];

/** Every screen on which a customer's words can stand. */
function screens(isNarrow: boolean): Screen[] {
  const at =
    (path: string, ready: string): ((page: Page) => Promise<void>) =>
    async (page) => {
      await page.goto(path);
      await page.locator(ready).first().waitFor();
    };
  const step = (id: string) => `[data-testid="${isNarrow ? 'outline' : 'step'}-${id}"]`;
  const inspector = (id: string): Screen => [`step ${id}`, at(`${address}?step=${id}`, '[data-testid="inspector"]')];
  const wide: Screen[] = [
    [
      'publishing',
      async (page) => {
        await at(address, step('ask'))(page);
        await page.keyboard.press('Control+Enter');
        await page.getByRole('dialog').waitFor();
      },
    ],
    [
      'the step to go to',
      async (page) => {
        await at(address, step('ask'))(page);
        await page.getByTestId('step-wait').focus();
        await page.keyboard.press('g');
        await page.getByRole('option').last().click();
        await page.getByRole('dialog', { name: 'Go to step…' }).waitFor();
      },
    ],
    [
      'the palette',
      async (page) => {
        await at('/flows', 'main li')(page);
        await page.keyboard.press('Control+k');
        await page.keyboard.type(word(8));
        await page.getByRole('option').first().waitFor();
      },
    ],
  ];
  return [
    ['flows', at('/flows', 'main li')],
    ['no flow', at(`/flows?search=${word(80)}ת`, 'h2')],
    ['canvas', at(address, step('ask'))],
    inspector('start'),
    inspector('ask'),
    inspector('decide'),
    ['people of a step', at(`${address}?people=wait&moved_on=true`, '[data-people-of] li')],
    ['people', at('/contacts', 'main li')],
    [
      'rows of a file that were refused',
      async (page) => {
        await at('/contacts', 'main li')(page);
        const columns = ['phone', 'time_zone', word(30), word(40)];
        const rows = [columns, [word(120), 'UTC', 'x', 'x'], ['+12025550196', 'UTC', 'x', word(9_000)]];
        await page.getByRole('button', { name: 'Import CSV' }).click();
        await page
          .getByLabel('Choose a CSV file or drop it here')
          .setInputFiles({ name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n')) });
        await page.getByRole('dialog').getByRole('row').nth(2).waitFor();
      },
    ],
    ['nobody', at(`/contacts?search=${word(80)}ת`, 'h2')],
    ['person', at(`/contacts/${person}`, '[data-testid="path"]')],
    [
      'messages of a person',
      async (page) => {
        await at(`/contacts/${person}`, '[data-testid="path"]')(page);
        await page.getByRole('tab', { name: 'Messages' }).click();
        await page.getByRole('tabpanel').locator('li').first().waitFor();
      },
    ],
    ['conversations', at('/conversations', 'section li')],
    ['conversation', at(`/conversations/${person}`, 'li[data-direction="out"]')],
    [
      'phone',
      async (page) => {
        await page.addInitScript(`sessionStorage.setItem('signalbox.phone_number', '${phone}')`);
        await at('/conversations?phone=true', '[data-testid="phone"] li[data-direction="incoming"]')(page);
      },
    ],
    ...(isNarrow ? [] : wide),
  ];
}

test.each([
  ['1440', { width: 1440, height: 900 }],
  ['390', narrow],
] as const)(
  'customers’ words are written in their own direction, and long ones wrap, on every screen at %s px',
  async (_name, viewport) => {
    const context = await visit.another({ viewport });
    const page = await context.newPage();
    pictureOnFailure(page);
    const found: Record<string, unknown> = {};
    for (const [name, open] of screens(viewport.width < 600)) {
      await open(page);
      const here = await foreignTexts(page);
      if (here.unset.length + here.wide.length > 0) found[name] = here;
    }
    expect(found).toEqual({});
    await context.close();
  },
  60_000 * throttle,
);

test('and words without a direction, or too wide for their place, would be found', async () => {
  const { page } = visit;
  await page.goto('/flows');
  await page.getByRole('list', { name: 'Flows' }).waitFor();
  await page.evaluate(`
    const planted = Object.assign(document.createElement('p'), { textContent: '${word(200)}', style: 'white-space: nowrap' });
    document.querySelector('main .overflow-y-auto').append(planted)`);
  const found = await foreignTexts(page);
  expect(found.unset).toEqual(['p']);
  expect(found.wide).not.toEqual([]);
  expect(visit.faults).toEqual([]);
});
