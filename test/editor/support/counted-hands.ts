import type { Locator, Page } from 'playwright-core';

/** A person at the screen whose every action is counted: a click, a key, a burst of typing without leaving the field. */
export type CountedHands = {
  readonly click: (target: Locator) => Promise<void>;
  readonly press: (key: string) => Promise<void>;
  readonly type: (text: string) => Promise<void>;
  readonly actions: () => readonly string[];
};

/** The only way in which a counted test may touch the page. */
export function countedHands(page: Page): CountedHands {
  const actions: string[] = [];
  return {
    click: async (target) => {
      actions.push(`click ${String(target)}`);
      await target.click();
    },
    press: async (key) => {
      actions.push(`press ${key}`);
      await page.keyboard.press(key);
    },
    type: async (text) => {
      actions.push(`type ${text}`);
      await page.keyboard.type(text);
    },
    actions: () => actions,
  };
}
