import { flow } from '@signalbox/nodes/flow/builder';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { apiEvent } from '@signalbox/nodes/library/trigger/api-event';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { focused, incoming, publish, textFromPhone } from './support/drawing.ts';
import { intercept } from './support/intercept.ts';
import { oneStory } from './support/story.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';
import { until } from './support/wait.ts';

const headers = { 'x-signalbox': '1' };

let visit: Visit;
let page: Page;
/** The address of a flow that asks and branches on the answer; a draft at first. */
let address: string;
beforeAll(async () => {
  visit = await startVisit();
  page = visit.page;
  const w = flow('Tried out');
  const start = w.step('start', keyword, { keywords: ['fruit'] });
  const ask = w.step('ask', sendSms, { text: 'Apples or pears? Tell us which you like.', purpose: 'transactional' });
  const wait = w.step('wait', waitForReply, { timeout: { amount: 2, unit: 'days' } });
  const is = (value: string) => ({ field: 'reply.text', op: 'is', value }) as const;
  const decide = w.step('decide', branch, {
    branches: [
      { id: 'apples', label: 'Apples', condition: is('apples') },
      { id: 'pears', label: 'Pears', condition: is('pears') },
    ],
  });
  start.to('next', ask);
  ask.to('sent', wait);
  wait.to('replied', decide);
  const made = await page.request.post('/api/v1/flows', { data: w.build(), headers });
  address = `/flows/${z.object({ id: z.string() }).parse(await made.json()).id}`;
}, 120_000);
beforeEach(() => pictureOnFailure(page));
afterAll(() => visit.close(), 60_000);

const phoneText = () => page.getByTestId('phone').getByLabel('Text message');

async function fromPalette(words: string, entry: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog', { name: 'Command palette' }).getByRole('combobox').fill(words);
  await page.getByRole('option', { name: entry }).click();
}

const inStory = oneStory();

describe('The phone', () => {
  inStory();
  test('opens ready to type, from its button and from the palette on any screen', async () => {
    await page.goto('/contacts');
    await page.getByRole('list', { name: 'People' }).waitFor();
    await fromPalette('phone', 'Open or close the phone');
    await focused(phoneText());
    await page.getByRole('button', { name: 'Close phone' }).last().click();
    await focused(page.getByRole('button', { name: 'Open phone' }));

    await page.goto(address);
    await page.getByRole('button', { name: 'Open phone' }).click();
    await focused(phoneText());
    await fromPalette('test', 'Open or close the phone');
    await phoneText().waitFor({ state: 'detached' });
    await page.getByTestId('step-ask').click();
    await fromPalette('phone', 'Open or close the phone');
    await focused(phoneText());
  });

  test('says on every screen which flow has the keyword but is not live, with a link to it', async () => {
    await page.goto('/contacts');
    await page.getByRole('list', { name: 'People' }).waitFor();
    await fromPalette('phone', 'Open or close the phone');
    await textFromPhone(page, 'Fruit please');
    const notice = page.getByTestId('phone').getByRole('status');
    await notice.getByText('Tried out has the keyword FRUIT, but is not live.').waitFor();
    await textFromPhone(page, 'something else');
    await notice.waitFor({ state: 'detached' });
    await textFromPhone(page, 'fruit');
    await notice.getByRole('link', { name: 'Open the flow' }).click();
    await page.waitForURL(`**${address}`);
    const other = await page.request.post('/api/v1/flows', { data: { name: 'Another' }, headers });
    await page.goto(`/flows/${z.object({ id: z.string() }).parse(await other.json()).id}?phone=true`);
    await textFromPhone(page, 'Fruit please');
    await notice.getByText('Tried out has the keyword FRUIT, but is not live.').waitFor();
    await page.goto(`${address}?phone=true`);
  });

  test('says that the flow whose keyword was texted is not live', async () => {
    const notice = page.getByTestId('phone').getByRole('status');
    await textFromPhone(page, 'Fruit please');
    await notice.getByText('This flow is not live yet, so FRUIT does nothing.').waitFor();
    await textFromPhone(page, 'something else');
    await notice.waitFor({ state: 'detached' });
    await publish(page, 1);
    await textFromPhone(page, 'fruit');
    await until('the question to come', async () => (await incoming(page)).at(-1)?.startsWith('Apples'));
    expect(await notice.count()).toBe(0);
  });
});

describe('From a step', () => {
  inStory();
  test('the number of those who moved on leads to them, and a branch’s reason names what was tried with which values', async () => {
    await textFromPhone(page, 'plums');
    const passed = page.getByTestId('here-ask');
    await page.locator('[data-testid="here-decide"][data-left="1"]').waitFor();
    await page.getByRole('button', { name: '1 person moved on from “Apples or pears? Tell us…”' }).click();
    await page.getByRole('heading', { name: 'People at “Apples or pears? Tell us…”' }).waitFor();
    const people = page.getByRole('complementary', { name: 'People at the step' });
    await people.getByRole('button', { name: 'Here now 0' }).click();
    await people.getByText('No one is at this step right now.').waitFor();
    await people.getByRole('button', { name: 'Moved on 1' }).click();
    await people.getByRole('link').click();
    await page
      .getByTestId('path')
      .getByText('No branch fit: “Apples”, reply is “apples” (“plums”); “Pears”, reply is “pears” (“plums”)')
      .waitFor();
    await page.getByTestId('path').getByText('Apples or pears? Tell us which you like.').waitFor();
    expect(await passed.count()).toBe(0);
  });

  test('why the flow paused itself is said, with the way to the step that is to blame', async () => {
    const cause = { step_id: 'ask', code: 'too_many_failed', title: 'Too many people failed', action: 'Correct it.' };
    await intercept(page, /\/api\/v1\/flows\/flw_[^/]+$/, async (route) => {
      const response = await route.fetch();
      const body = z.looseObject({}).parse(await response.json());
      await route.fulfill({ response, json: { ...body, state: 'paused', paused_by: cause } });
    });
    await page.goto(address);
    const notice = page.getByRole('alert').filter({ hasText: 'Too many people failed.' });
    await notice.getByText('Correct it.').waitFor();
    await notice.getByRole('button', { name: 'Show the step' }).click();
    await focused(page.getByTestId('step-ask'));
    await page.locator('[data-testid="step-ask"][data-state="selected"]').waitFor();
  });
});

test('a step at which too many people fail pauses the flow, which says why and leads there', async () => {
  const w = flow('Too long for anybody');
  const start = w.step('start', apiEvent, { event: 'too_long_started' });
  const say = w.step('say', sendSms, {
    text: `{{ contact.first_name }} ${'x'.repeat(1_550)}`,
    purpose: 'transactional',
  });
  start.to('next', say);
  const made = await page.request.post('/api/v1/flows', { data: w.build(), headers });
  const { id } = z.object({ id: z.string() }).parse(await made.json());
  await page.goto(`/flows/${id}`);
  await publish(page, 1);
  expect(await page.getByRole('alert').count()).toBe(0);

  const contact_ids = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const data = { phone: `+120255504${10 + index}`, first_name: 'A'.repeat(80) };
      const added = await page.request.post('/api/v1/contacts', { data, headers });
      return z.object({ id: z.string() }).parse(await added.json()).id;
    }),
  );
  const entered = await page.request.post(`/api/v1/flows/${id}/enrollments`, { data: { contact_ids }, headers });
  expect(entered.status()).toBe(202);
  const notice = page
    .getByRole('alert')
    .filter({ hasText: 'The flow paused itself: too many people failed at one step for the same reason' });
  await notice.getByText('(The message was … characters long; the limit is …)').waitFor();
  await notice.getByText('Everyone waits before that step. Correct it, publish, and resume the flow.').waitFor();
  await page.getByRole('button', { name: 'Paused v1' }).waitFor();
  await page.locator('[data-testid="here-say"][data-here="12"][data-failed="0"]').waitFor();
  await notice.getByRole('button', { name: 'Show the step' }).click();
  await focused(page.getByTestId('step-say'));
  await page.locator('[data-testid="step-say"][data-state="selected"]').waitFor();
  expect(visit.faults).toEqual([]);
});

test('a flow or person that is not there says so, and leads back to the others', async () => {
  await page.goto('/flows/flw_01jd4w7h8zqv3m5k2n9x6r0t4c');
  await page.getByRole('heading', { name: 'This flow does not exist' }).waitFor();
  await page.getByRole('link', { name: 'Go to all flows' }).click();
  await page.getByRole('list', { name: 'Flows' }).waitFor();
  await page.goto('/contacts/con_01jd4w7h8zqv3m5k2n9x6r0t4c');
  await page.getByRole('heading', { name: 'This person does not exist' }).waitFor();
  await page.getByRole('link', { name: 'Go to all people' }).click();
  await page.getByRole('list', { name: 'People' }).waitFor();
  expect(visit.faults).toEqual([]);
});
