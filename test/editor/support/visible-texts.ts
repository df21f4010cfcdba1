import type { Page } from 'playwright-core';

/**
 * Runs in the page: what a person reads or hears there, less what the catalogue gave (in ⟦brackets⟧ under the pseudo-locale)
 * and less times, which come from the browser's own formats.
 */
const collect = `() => {
  const strip = (text) => {
    let rest = text;
    for (let before = ''; before !== rest; ) {
      before = rest;
      rest = rest.replace(/⟦[^⟦⟧]*⟧/g, '');
    }
    return rest.replace(/\\s+/g, ' ').trim();
  };
  const found = [];
  const add = (text, element) => {
    const rest = strip(text);
    if (rest !== '') found.push({ text: rest, tag: element.tagName.toLowerCase(), code: element.closest('code, pre, kbd, time, textarea, svg, style, script') !== null });
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (element === null || !element.checkVisibility({ checkVisibilityCSS: true })) continue;
    add(node.data, element);
  }
  for (const name of ['aria-label', 'placeholder', 'title', 'alt', 'aria-roledescription']) {
    for (const element of document.querySelectorAll('[' + name + ']')) {
      if (element.checkVisibility({ checkVisibilityCSS: true })) add(element.getAttribute(name), element);
    }
  }
  return found;
}`;

type Found = { readonly text: string; readonly tag: string; readonly code: boolean };

/** Numbers, amounts, signs, dates and clock times in the shapes that the browser's formats give. */
const formatted =
  /^(?:[\d\s.,:+()/%·–—$-]|AM|PM|UTC|GMT|[A-Z]{2,4}T|now|ago|in|yesterday|tomorrow|today|last|next|seconds?|minutes?|hours?|days?|weeks?|(?:Mon|Tues?|Wednes|Thurs?|Fri|Satur|Sun|Wed|Thu|Sat)(?:day)?|(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec)[a-z]*)*$/i;

/**
 * Texts on the page that stand there without coming from the message catalogue.
 *
 * @param userData what people typed or what belongs to them: taken out wherever it stands.
 */
export async function hardCodedTexts(page: Page, userData: readonly string[]): Promise<string[]> {
  const found: Found[] = await page.evaluate(`(${collect})()`);
  const whole = new Set(userData.map((each) => each.trim()));
  const parts = userData.filter((each) => each.trim().length > 5).sort((a, b) => b.length - a.length);
  const left = found
    .filter((each) => !each.code && !formatted.test(each.text) && !whole.has(each.text))
    .map((each) => parts.reduce((text, part) => text.replaceAll(part, ''), each.text).trim())
    .filter((text) => !formatted.test(text));
  return [...new Set(left)].sort();
}
