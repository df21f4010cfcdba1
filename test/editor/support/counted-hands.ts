import type { Locator, Page } from 'playwright-core';
import { z } from 'zod';

/** What a page feels of a person: presses of a pointer, of keys, and changes of what is typed. */
const feltSchema = z.object({ pointers: z.number(), keys: z.number(), inputs: z.number() });
export type Felt = z.infer<typeof feltSchema>;

/** A person at the screen whose every action is counted: a click, a key, a burst of typing without leaving the field. */
export type CountedHands = {
  readonly click: (target: Locator) => Promise<void>;
  readonly press: (key: string) => Promise<void>;
  readonly type: (text: string) => Promise<void>;
  readonly actions: () => readonly string[];
  /** What the page must have felt of these actions, and of nothing else. */
  readonly made: () => Felt;
  /** What the page did feel since the hands were laid on it. */
  readonly felt: () => Promise<Felt>;
};

const listen = `window.felt = { pointers: 0, keys: 0, inputs: 0 };
for (const [event, name] of [['pointerdown', 'pointers'], ['keydown', 'keys'], ['input', 'inputs']])
  addEventListener(event, () => { window.felt[name] += 1; }, true);`;

/** The only way in which a counted test may touch the page; the page itself counts as well, so nothing goes past. */
export async function countedHands(page: Page): Promise<CountedHands> {
  const actions: string[] = [];
  const made = { pointers: 0, keys: 0, inputs: 0 };
  await page.evaluate(listen);
  return {
    click: async (target) => {
      actions.push(`click ${String(target)}`);
      made.pointers += 1;
      await target.click();
    },
    press: async (key) => {
      actions.push(`press ${key}`);
      made.keys += key.split('+').length;
      await page.keyboard.press(key);
    },
    type: async (text) => {
      actions.push(`type ${text}`);
      made.keys += text.length;
      made.inputs += text.length;
      await page.keyboard.type(text);
    },
    actions: () => actions,
    made: () => made,
    felt: async () => feltSchema.parse(await page.evaluate('window.felt')),
  };
}
