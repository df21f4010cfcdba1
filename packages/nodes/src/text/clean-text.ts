/** A text as it can be stored: without U+0000, and with the halves of characters that came without their other half replaced. */
export function cleanText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed();
}
