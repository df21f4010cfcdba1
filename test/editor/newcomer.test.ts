import { flow } from '@signalbox/nodes/flow/builder';
import { sendSms } from '@signalbox/nodes/library/message/send-sms';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import { waitForReply } from '@signalbox/nodes/library/wait/wait-for-reply';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { countFromPaths, countsOnCanvas, numbersFor, numbersInSight } from './support/counts.ts';
import {
  addByDrag,
  addWithPlus,
  choose,
  chosenStep,
  field,
  incoming,
  leadByDrag,
  leadWithPicker,
  publish,
  saved,
  textFromPhone,
} from './support/drawing.ts';
import { intercept } from './support/intercept.ts';
import { startProduct } from './support/product.ts';
import { oneStory } from './support/story.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';
import { until } from './support/wait.ts';

const flowName = 'Join the club';
const welcome = "Welcome {{ contact.first_name | default: 'there' }}… Shall we text you a tip a week? Reply YES or NO.";
const yesAnswer = 'Good, the first tip comes on Monday.';
const noAnswer = 'No tips then. Text STOP to end.';

let visit: Visit;
beforeAll(async () => {
  visit = await startVisit({ signedIn: false, start: startProduct });
}, 120_000);
const inStory = oneStory();
inStory();
beforeEach(() => pictureOnFailure(visit.page));
afterAll(() => visit.close(), 60_000);

/** Waits until the phone holds `count` texts and returns the last. */
async function answer(count: number): Promise<string> {
  const texts = await until(`${count} texts on the phone`, async () => {
    const all = await incoming(visit.page);
    return all.length >= count ? all : null;
  });
  expect(texts).toHaveLength(count);
  return texts.at(-1) ?? '';
}

/** Texts the keyword once the person has left the flow: whoever is inside does not enter again. */
async function joinAgain(): Promise<void> {
  await until('the person to have left the flow', async () => (await inside()) === 0);
  await textFromPhone(visit.page, 'join');
}

/** How many people stand in the flow. */
async function inside(): Promise<number> {
  const rows = await visit.product.sql(
    'SELECT 1 FROM enrollments e JOIN flows f ON f.id = e.flow_id WHERE f.name = $1',
    [flowName],
  );
  return rows.length;
}

/** Waits until the canvas shows what a count over the paths gives, for as many people as entered. */
async function countsAgree(entered: number): Promise<void> {
  const agreed = await until('canvas and database to agree', async () => {
    const [shown, counted] = [await countsOnCanvas(visit.page), await countFromPaths(visit.product, flowName)];
    return JSON.stringify(shown) === JSON.stringify(counted) && shown.some((each) => each.entered === entered)
      ? shown
      : null;
  }).catch(async (error: unknown) => {
    expect(await countsOnCanvas(visit.page)).toEqual(await countFromPaths(visit.product, flowName));
    throw error;
  });
  for (const each of agreed) expect(each.entered).toBe(each.here + each.left + each.failed);
}

describe('What a newcomer does', () => {
  test('the link shows a button, looking uses nothing up, pressing it signs in, and then it is dead', async () => {
    const { page, product } = visit;
    await page.goto('/flows');
    await page.getByRole('heading', { name: 'Sign in to Signalbox' }).waitFor();
    const refused = await fetch(`${product.url}/api/v1/flows`);
    expect(refused.status).toBe(401);

    for (let look = 0; look < 3; look += 1) expect((await fetch(product.signInLink)).status).toBe(200);
    await page.goto(product.signInLink);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL('**/flows');
    await page.getByRole('heading', { name: 'Flows' }).waitFor();

    const other = await visit.browser.newContext();
    const again = await other.newPage();
    await again.goto(product.signInLink);
    await again.getByRole('button', { name: 'Sign in' }).click();
    await again.getByRole('heading', { name: 'This link no longer works' }).waitFor();
    expect((await again.goto(`${product.url}/api/v1/flows`))?.status()).toBe(401);
    await other.close();
  });

  test('draws the conversation by drag, by plus and by picker, and publishes it', async () => {
    const { page } = visit;
    await page.getByRole('button', { name: 'Create flow' }).first().click();
    await page.getByLabel('Name of the flow').fill(flowName);
    await page.keyboard.press('Enter');
    await page
      .getByRole('button', { name: /^Keyword/ })
      .first()
      .click();
    await page.keyboard.type('JOIN');
    const keyword = await chosenStep(page);

    const record = await addByDrag(page, 'record-consent', keyword, 'next');
    await field(page, 'Wording shown').fill('Text JOIN to get offers from us, up to 4 a month. Text STOP to end.');
    const check = await addWithPlus(page, record, 'next', 'check consent');
    const ask = await addWithPlus(page, check, 'yes', 'send');
    await field(page, 'Message').fill(welcome);

    const inspector = page.getByTestId('inspector');
    await inspector.getByText('UCS-2', { exact: true }).waitFor();
    await inspector.getByText('This character needs UCS-2').waitFor();
    expect(await inspector.getByRole('button', { name: '… U+2026' }).count()).toBe(1);
    await inspector.getByText('At worst 2 segments').waitFor();
    const segments = await inspector.locator('dl').textContent();
    expect(segments).toMatch(/Characters\d+EncodingUCS-2Segments1$/);

    const wait = await addWithPlus(page, ask, 'sent', 'wait for a reply');
    expect(await field(page, 'Wait at most').inputValue()).toBe('2');
    const decide = await addWithPlus(page, wait, 'replied', 'branch');
    const good = await addWithPlus(page, decide, 'yes', 'send');
    await field(page, 'Message').fill(yesAnswer);
    const bye = await addWithPlus(page, decide, 'else', 'send');
    await field(page, 'Message').fill(noAnswer);
    const end = await addWithPlus(page, good, 'sent', 'end');
    await leadWithPicker(page, good, 'not_sent', 'End');
    await leadByDrag(page, bye, 'sent', end);
    await leadWithPicker(page, bye, 'not_sent', 'End');
    await leadWithPicker(page, wait, 'timeout', 'End');
    await leadWithPicker(page, ask, 'not_sent', 'End');
    await leadWithPicker(page, check, 'no', 'End');

    await choose(page, decide);
    await field(page, 'Name of branch 1').fill('');
    const problems = page.getByRole('button', { name: '1 problem', exact: true });
    await problems.click();
    await page.getByRole('region', { name: 'Problems' }).getByText('Fill in').waitFor();
    await field(page, 'Name of branch 1').fill('Said yes');
    await page.getByText('No problems. This flow is ready to publish.').waitFor();
    await page.getByRole('button', { name: '0 problems' }).click();

    await publish(page, 1);
    const [flow] = await visit.product.sql('SELECT state FROM flows WHERE name = $1', [flowName]);
    expect(flow).toEqual({ state: 'live' });
  }, 60_000);

  test('texts join from the phone, is welcomed, answers yes and is answered', async () => {
    const { page } = visit;
    await page.getByRole('button', { name: 'Open phone' }).click();
    await textFromPhone(page, 'join');
    expect(await answer(1)).toBe('Welcome there… Shall we text you a tip a week? Reply YES or NO.');
    await countsAgree(1);
    await textFromPhone(page, 'yes');
    expect(await answer(2)).toBe(yesAnswer);
    await countsAgree(1);
  });

  test('STOP is confirmed once, START opts in again', async () => {
    const { page, product } = visit;
    await textFromPhone(page, 'STOP');
    expect(await answer(3)).toMatch(/You are unsubscribed/);
    await textFromPhone(page, 'stop');
    await joinAgain();
    await until('the second stop and the keyword to be taken in', async () => {
      const rows = await product.sql(
        `SELECT 1 FROM messages m JOIN contacts c ON c.id = m.contact_id WHERE c.phone = '+12025550199' AND m.direction = 'in'`,
      );
      return rows.length === 5;
    });
    // The keyword's enrollment ends as not sent while the number is suppressed; START before that would let its message out.
    await until('the suppressed enrollment to have ended', async () => (await inside()) === 0);
    await textFromPhone(page, 'START');
    expect(await answer(4)).not.toBe('');
    expect((await incoming(page)).filter((text) => /You are unsubscribed/.test(text))).toHaveLength(1);
    await joinAgain();
    expect(await answer(5)).toContain('Welcome there…');
  });

  test('the path gives the reason of every turn, the conversation how far each message got', async () => {
    const { page } = visit;
    await page.getByRole('link', { name: 'Conversations' }).click();
    await page.getByRole('link', { name: /\+1 202 555 0199/ }).click();
    const thread = page.getByRole('region', { name: /Conversation with/ });
    const welcomed = thread.locator('li[data-direction="out"]').filter({ hasText: 'Welcome there' }).first();
    await welcomed.getByText('Delivered').waitFor();
    expect(await welcomed.getByRole('link', { name: flowName }).count()).toBe(1);
    await thread.getByText('Opt-out, opt-in or help').first().waitFor();

    await thread.getByRole('link', { name: 'Open contact' }).click();
    await page
      .getByRole('button', { name: new RegExp(flowName) })
      .last()
      .click();
    const path = page.getByTestId('path');
    await path.getByText('Branch', { exact: true }).waitFor();
    const turns = await path.textContent();
    expect(turns).toMatch(/Check consent.*Agreed/);
    expect(turns).toMatch(/Branch.*Said yes.*yes/i);
    await page.getByRole('tab', { name: 'Consent' }).click();
    await page.getByText('Text JOIN to get offers from us').first().waitFor();
    await page.getByText('They wrote: “join”').first().waitFor();
  });

  test('pauses, resumes, publishes again while someone waits, and stops from the screen', async () => {
    const { page, product } = visit;
    await page.getByRole('link', { name: 'Flows', exact: true }).click();
    await page.getByRole('link', { name: flowName }).click();
    const act = async (item: string) => {
      await page.getByRole('button', { name: 'More for this flow' }).click();
      await page.getByRole('menuitem', { name: item }).click();
      await page.getByRole('dialog').getByRole('button', { name: item }).click();
    };
    await act('Pause flow');
    await page.getByRole('button', { name: 'Paused v1' }).waitFor();
    await page.getByRole('button', { name: 'Open phone' }).click();
    await textFromPhone(page, 'no');
    await until(
      'the reply to be kept',
      async () =>
        (
          await product.sql(
            'SELECT 1 FROM enrollments e JOIN flows f ON f.id = e.flow_id WHERE f.name = $1 AND e.state = 4',
            [flowName],
          )
        ).length === 1,
    );
    expect(await incoming(page)).toHaveLength(5);
    await act('Resume flow');
    expect(await answer(6)).toBe(noAnswer);
    await countsAgree(3);

    await joinAgain();
    expect(await answer(7)).toContain('Welcome there…');
    const sends = page.locator('[data-testid^="step-send_sms"]').filter({ hasText: 'Good, the first tip' });
    await choose(page, ((await sends.getAttribute('data-testid')) ?? '').slice('step-'.length));
    await field(page, 'Message').fill('Version two.');
    await saved(page);
    await publish(page, 2);
    await textFromPhone(page, 'yes');
    expect(await answer(8)).toBe(yesAnswer);

    await joinAgain();
    await answer(9);
    await act('Stop flow');
    await page.getByRole('button', { name: 'Stopped v2' }).waitFor();
    await until('everyone to have left', async () => (await inside()) === 0);
    await countsAgree(5);
    expect(visit.faults).toEqual([]);
  });

  test('a step taken that nobody counted would show', async () => {
    const { page, product } = visit;
    await product.sql(
      `DELETE FROM enrollment_path WHERE ctid = (SELECT p.ctid FROM enrollment_path p JOIN enrollment_history h ON h.id = p.enrollment_id
       JOIN flows f ON f.id = h.flow_id WHERE f.name = $1 LIMIT 1)`,
      [flowName],
    );
    expect(await countsOnCanvas(page)).not.toEqual(await countFromPaths(product, flowName));
  });
});

describe('People who fail', () => {
  const name = 'By name';

  /** Says a name, which strangers do not have: nothing to send fails them alone. Waits for those it could greet. */
  function greeting() {
    const w = flow(name);
    const start = w.step('start', keyword, { keywords: ['GREET'] });
    const greet = w.step('greet', sendSms, { text: '{{ contact.first_name }}', purpose: 'transactional' });
    const wait = w.step('wait', waitForReply, { timeout: { amount: 1, unit: 'days' } });
    start.to('next', greet);
    greet.to('sent', wait);
    return w.build();
  }

  /** Someone texts the workspace from a phone of the carrier. */
  async function textIn(body: string, from: string): Promise<void> {
    const { page, product } = visit;
    const [sender] = await product.sql('SELECT address FROM senders');
    const sent = await page.request.post(`/demo/phone/phones/${encodeURIComponent(from)}/messages`, {
      data: { to: z.string().parse(sender?.address), body },
      headers: { 'x-signalbox': '1' },
    });
    expect(sent.ok(), await sent.text()).toBe(true);
  }

  test('are counted on the card where they failed, in numbers that are in sight', async () => {
    const { page, product } = visit;
    const headers = { 'x-signalbox': '1' };
    const made = z
      .object({ id: z.string() })
      .parse(await (await page.request.post('/api/v1/flows', { data: greeting(), headers })).json());
    const published = await page.request.post(`/api/v1/flows/${made.id}/publish`, {
      headers: { ...headers, 'if-match': '*' },
    });
    expect(published.status(), await published.text()).toBe(200);
    for (const from of ['+12025550113', '+12025550161', '+12025550162', '+12025550163']) await textIn('greet', from);
    await page.goto(`/flows/${made.id}`);
    const agreed = await until('canvas and database to agree', async () => {
      const [shown, counted] = [await countsOnCanvas(page), await countFromPaths(product, name)];
      const failed = counted.some((each) => each.failed === 3);
      return failed && JSON.stringify(shown) === JSON.stringify(counted) ? shown : null;
    });
    expect(agreed).toEqual([
      { step: 'greet', entered: 4, here: 0, left: 1, failed: 3 },
      { step: 'start', entered: 4, here: 0, left: 4, failed: 0 },
      { step: 'wait', entered: 1, here: 1, left: 0, failed: 0 },
    ]);
    expect(await numbersInSight(page)).toEqual(
      agreed.map((count) => ({ step: count.step, numbers: numbersFor(count) })),
    );
    expect(await page.getByTestId('here-greet').getAttribute('title')).toMatch(/4.*0.*1.*3/);
    expect(await page.getByTestId('here-greet').getAttribute('aria-label')).toMatch(/3/);
    await page.getByTestId('here-greet').click();
    await page.getByRole('button', { name: 'Moved on 1', pressed: true }).waitFor();
    await page.keyboard.press('Escape');
  });

  test('and an answer read before somebody failed, but slower than the news of it, takes nothing back', async () => {
    const { page, product } = visit;
    const read = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    await intercept(page, /\/counts$/, async (route) => {
      const response = await route.fetch();
      read.resolve();
      await release.promise;
      await route.fulfill({ response });
    });
    await page.reload();
    await read.promise;
    await textIn('greet', '+12025550164');
    const agreed = async () => {
      const [shown, counted] = [await countsOnCanvas(page), await countFromPaths(product, name)];
      return counted.some((each) => each.failed === 4) && JSON.stringify(shown) === JSON.stringify(counted);
    };
    await until('the stream to have told of the fourth', agreed);
    const answered = page.waitForResponse(/\/counts$/);
    release.resolve();
    await (await answered).finished();
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    expect(await agreed()).toBe(true);
  });

  test('and a number in sight that is another than the one counted would be found', async () => {
    const { page, product } = visit;
    await page.evaluate(`
      const text = document.createTreeWalker(document.querySelector('[data-testid="here-greet"]'), NodeFilter.SHOW_TEXT).nextNode();
      text.data = '2'`);
    const counted = await countFromPaths(product, name);
    expect(await countsOnCanvas(page)).toEqual(counted);
    expect(await numbersInSight(page)).not.toEqual(
      counted.map((count) => ({ step: count.step, numbers: numbersFor(count) })),
    );
  });
});
