import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  attemptStates,
  batchStates,
  campaignStates,
  consentStates,
  deliveryStates,
  flowStates,
  mediaStates,
  messageStates,
  occurrenceStates,
  outcomes,
  segmentStates,
  testStates,
} from './states.ts';

const engine = join(import.meta.dirname, '..');

const lists: ReadonlyArray<readonly string[]> = [
  mediaStates,
  flowStates,
  batchStates,
  messageStates,
  attemptStates,
  consentStates,
  deliveryStates,
  outcomes,
  segmentStates,
  testStates,
  campaignStates,
  occurrenceStates,
];
const named = new Set(lists.flat());

/** A state written as a bare number, and a state in SQL that no list names. */
function strayStates(text: string): string[] {
  const code = text.replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gs, '');
  const numbers = [...code.matchAll(/\b\w*[sS]tate (?:=|<>|<|>|===|!==) \d\b|\bstate IN \(\d|\bstate: \d\b/g)];
  const words = [...code.matchAll(/\bstate (?:=|<>|IN|NOT IN) \(?((?:'\w+'(?:, )?)+)/g)].flatMap(
    ([whole, list = '']) =>
      [...list.matchAll(/'(\w+)'/g)].some(([, state = '']) => !named.has(state)) ? [[whole]] : [],
  );
  // A type that spells a whole list out again.
  const unions = [...code.matchAll(/'\w+'(?: \| '\w+'){2,}/g)].filter(([whole]) => {
    const members = whole.split(' | ').map((member) => member.slice(1, -1));
    return lists.some((list) => list.length === members.length && members.every((member) => list.includes(member)));
  });
  return [...numbers, ...words, ...unions].map(([whole]) => whole ?? '');
}

describe('states of rows', () => {
  test('stand in one place: nowhere else is one written as a number, or in SQL as a word that no list has', () => {
    const found = readdirSync(engine, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'db/states.ts')
      .flatMap((file) => strayStates(readFileSync(join(engine, file), 'utf8')).map((stray) => `${file}: ${stray}`));
    expect(found).toEqual([]);
  });

  test.each([
    'UPDATE runs SET state = 3 WHERE id = 1',
    'WHERE e.state IN (1, 2)',
    'if (row.state === 3) return null;',
    'values({ state: 1, step: 0 })',
    "WHERE m.state IN ('accepted', 'sent')",
    "readonly state: 'draft' | 'live' | 'paused' | 'stopped';",
  ])('a stray one is found: %s', (planted) => {
    expect(strayStates(planted)).toHaveLength(1);
  });

  test('one that is named is none', () => {
    expect(strayStates("SET state = \u0024{sql.lit(runState.closed)} WHERE state <> 'queued' // state = 3")).toEqual(
      [],
    );
  });
});
