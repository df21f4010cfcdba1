import { focusWhenDrawn } from '../lib/focus-when-drawn.ts';

/** Puts the focus where a text is typed, as soon as the phone that was just opened is drawn. */
export function focusPhone(): void {
  focusWhenDrawn(() => document.querySelector('[data-phone-text]'));
}
