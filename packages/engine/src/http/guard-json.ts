import { ProblemError } from './problems.ts';
import { fieldTexts } from './texts.ts';

const deepest = 64;

/**
 * Refuses what no column can hold: the character U+0000, half a surrogate pair, and nesting beyond reason. Does not recurse.
 *
 * @throws ProblemError `validation_failed` with the path.
 */
export function guardJson(document: unknown): void {
  const open: Array<{ readonly value: unknown; readonly path: ReadonlyArray<string | number> }> = [
    { value: document, path: [] },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (typeof value === 'string') guardText(value, path);
    if (typeof value !== 'object' || value === null) continue;
    if (path.length >= deepest) throw refusal(path, 'too_deep');
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) open.push({ value: item, path: [...path, index] });
    } else {
      for (const [key, item] of Object.entries(value)) {
        guardText(key, path);
        open.push({ value: item, path: [...path, key] });
      }
    }
  }
}

function guardText(text: string, path: ReadonlyArray<string | number>): void {
  if (text.includes('\u0000') || !text.isWellFormed()) throw refusal(path, 'text_invalid');
}

function refusal(path: ReadonlyArray<string | number>, code: 'too_deep' | 'text_invalid'): ProblemError {
  return new ProblemError('validation_failed', { errors: [{ path, code, message: fieldTexts[code] }] });
}
