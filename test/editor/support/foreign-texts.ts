import type { Page } from 'playwright-core';

/**
 * Runs in the page: texts written from the right whose direction nothing sets (neither \`dir="auto"\`, nor \`bdi\`, nor marks around them), and
 * places where a text makes something wider than its room.
 */
const collect = `() => {
  const hebrew = /\\p{Script=Hebrew}/u;
  const seen = (element) => element.checkVisibility({ checkVisibilityCSS: true });
  const name = (element) => element.tagName.toLowerCase() + (element.className?.baseVal === undefined && element.className !== '' ? '.' + String(element.className).split(' ').slice(0, 4).join('.') : '');
  const unset = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const wide = new Set();
  const within = (element) => {
    for (let at = element; at !== null; at = at.parentElement) {
      const { overflowX } = getComputedStyle(at);
      if (overflowX === 'hidden' || overflowX === 'clip') return;
      if (overflowX === 'auto' || overflowX === 'scroll' || at === document.documentElement) {
        if (at.scrollWidth > at.clientWidth + 1) wide.add(name(element));
      }
    }
  };
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element === null || !hebrew.test(node.data) || !seen(element) || element.closest('script, style') !== null) continue;
    const isolated = node.data.replace(/\\u2068[^\\u2069]*\\u2069/g, '');
    if (hebrew.test(isolated) && element.closest('[dir="auto"], bdi') === null) unset.add(name(element));
    within(element);
  }
  for (const field of document.querySelectorAll('input, textarea'))
    if (hebrew.test(field.value) && seen(field) && field.dir !== 'auto') unset.add(name(field));
  if (document.documentElement.scrollWidth > window.innerWidth) wide.add('the page');
  return { unset: [...unset], wide: [...wide] };
}`;

export type ForeignTexts = { readonly unset: readonly string[]; readonly wide: readonly string[] };

/** Where texts in Hebrew stand without a direction of their own, and where long words make their place too wide. */
export async function foreignTexts(page: Page): Promise<ForeignTexts> {
  const found: ForeignTexts = await page.evaluate(`(${collect})()`);
  return found;
}
