import { flow } from '@signalbox/nodes/flow/builder';
import { branch } from '@signalbox/nodes/library/logic/branch';
import { keyword } from '@signalbox/nodes/library/trigger/keyword';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { focused, saved } from './support/drawing.ts';
import { pictureOnFailure, startVisit, type Visit } from './support/visit.ts';

const headers = { 'x-signalbox': '1' };
/** The longest time, in milliseconds, from a key to a press that aims at what stood there before it. */
const quick = 250;

let visit: Visit;
let page: Page;
beforeAll(async () => {
  visit = await startVisit();
  const context = await visit.another({ reducedMotion: 'no-preference' });
  page = await context.newPage();
  const slow = await context.newCDPSession(page);
  await slow.send('Emulation.setCPUThrottlingRate', { rate: 4 });
}, 120_000);
afterAll(() => visit.close(), 60_000);

/** A keyword, then a branch with a way out for three answers and the rest; opened in the editor. Returns its id. */
async function openQuestion(name: string): Promise<string> {
  const w = flow(name);
  const start = w.step('start', keyword, { keywords: [name.replaceAll(' ', '')] });
  const answer = (id: string) => ({ id, label: id, condition: { field: 'reply.text', op: 'is', value: id } as const });
  const decide = w.step('decide', branch, { branches: ['one', 'two', 'three'].map(answer) });
  start.to('next', decide);
  const made = await page.request.post('/api/v1/flows', { data: w.build(), headers });
  const { id } = z.object({ id: z.string() }).parse(await made.json());
  await page.goto(`/flows/${id}`);
  await page.getByTestId('step-decide').waitFor();
  return id;
}

const graphSchema = z.object({
  graph: z.object({
    steps: z.array(z.object({ id: z.string(), type: z.string(), config: z.record(z.string(), z.unknown()) })),
    edges: z.array(z.object({ from: z.string(), outlet: z.string(), to: z.string() })),
  }),
});

/** The flow as the server has it, once every edit has reached it. */
async function graphOf(id: string) {
  await saved(page);
  return graphSchema.parse(await (await page.request.get(`/api/v1/flows/${id}`)).json()).graph;
}

/** The type of the step that a way out of the branch leads to. */
async function stepBehind(id: string, outlet: string): Promise<string | undefined> {
  const { edges, steps } = await graphOf(id);
  const led = edges.find((edge) => edge.from === 'decide' && edge.outlet === outlet);
  return steps.find((step) => step.id === led?.to)?.type;
}

async function middleOf(target: Locator): Promise<{ x: number; y: number }> {
  const box = await target.boundingBox();
  if (box === null) throw new Error('What is to be pressed is not on the screen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** What a hand does between two looks: it presses Enter, and this many milliseconds later the mouse where it already is. */
async function enterThenPress(pause: number): Promise<{ readonly took: number }> {
  const pressed = await page.evaluateHandle<{ key: number; press: number }>(`(() => {
    const times = { key: 0, press: 0 };
    const once = { capture: true, once: true };
    addEventListener('keydown', (event) => { times.key = event.timeStamp; }, once);
    addEventListener('pointerdown', (event) => { times.press = event.timeStamp; }, once);
    return times;
  })()`);
  // What is sent is heard in its order: nothing here waits for the page in between.
  const sent = [page.keyboard.down('Enter')];
  if (pause > 0) await new Promise((resolve) => setTimeout(resolve, pause));
  sent.push(page.mouse.down(), page.mouse.up(), page.keyboard.up('Enter'));
  await Promise.all(sent);
  const { key, press } = await pressed.jsonValue();
  return { took: press - key };
}

/**
 * Does `round` until the hand in it was quick, by the page's clock: on a busy machine it is this test that comes late at times, and
 * then shows nothing of what a quick hand meets. @throws Error where no hand of five was quick.
 */
async function quickly(round: (attempt: number) => Promise<{ readonly took: number }>): Promise<void> {
  for (const attempt of [1, 2, 3, 4, 5]) if ((await round(attempt)).took <= quick) return;
  throw new Error(`No hand of five pressed within ${quick} ms.`);
}

describe('With quick hands on a slow machine', () => {
  test('a "+" pressed right after a step was chosen opens, and its picker stays open', async () => {
    pictureOnFailure(page);
    for (const pause of [0, 10, 20, 30]) {
      await quickly(async (attempt) => {
        const id = await openQuestion(`Quick ${pause} ${attempt}`);
        await page.getByTestId('outlet-decide-one').click();
        await focused(page.getByRole('combobox'));
        await page.keyboard.type('wait 2d');
        const aim = await middleOf(page.getByTestId('outlet-decide-three'));
        await page.mouse.move(aim.x, aim.y);
        const hand = await enterThenPress(pause);
        await page.keyboard.type('end', { delay: 25 });
        await page.keyboard.press('Enter');
        const ledTo = await stepBehind(id, 'three');
        if (hand.took <= quick) expect(ledTo, `after ${pause} ms`).toBe('end');
        return hand;
      });
    }
    expect(visit.faults).toEqual([]);
  }, 60_000);

  test('letters typed right after a step was chosen are never lost, nor taken for commands', async () => {
    pictureOnFailure(page);
    const id = await openQuestion('Quick letters');
    await page.getByTestId('outlet-decide-one').focus();
    for (const text of ['a', 'wait 2d', 'Enter', 'a', 'wait 3d', 'Enter']) {
      if (text === 'Enter') await page.keyboard.press('Enter', { delay: 15 });
      else await page.keyboard.type(text, { delay: 15 });
    }
    const { steps, edges } = await graphOf(id);
    const waits = steps.filter((step) => step.type === 'wait');
    expect(waits.map((step) => step.config)).toMatchObject([
      { duration: { amount: 2, unit: 'days' } },
      { duration: { amount: 3, unit: 'days' } },
    ]);
    expect(edges).toContainEqual({ from: waits[0]?.id, outlet: 'done', to: waits[1]?.id });
    expect(visit.faults).toEqual([]);
  });

  test('a "+" that slides while the canvas moves is hit', async () => {
    pictureOnFailure(page);
    await quickly(async (attempt) => {
      const id = await openQuestion(`Quick slide ${attempt}`);
      await page.getByTestId('step-start').click();
      // Putting a step above the branch moves everything below it down, its "+" too.
      await page.getByTestId('insert-start-next').click();
      await focused(page.getByRole('combobox'));
      await page.keyboard.type('check consent');
      const aim = await middleOf(page.getByTestId('outlet-decide-two'));
      await page.mouse.move(aim.x, aim.y);
      const hand = await enterThenPress(0);
      if (hand.took <= quick) {
        await focused(page.getByRole('combobox'));
        await page.keyboard.type('end');
        await page.keyboard.press('Enter');
        expect(await stepBehind(id, 'two')).toBe('end');
      }
      return hand;
    });
    expect(visit.faults).toEqual([]);
  });
});
