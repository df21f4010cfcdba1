import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { attemptStates, batchStates, consentStates, flowStates, messageStates } from './states.ts';

const engine = join(import.meta.dirname, '..');

const named = new Set<string>([...flowStates, ...batchStates, ...messageStates, ...attemptStates, ...consentStates]);

/** A state written as a bare number, and a state in SQL that no list names. */
function strayStates(text: string): string[] {
  const code = text.replaceAll(/\/\*.*?\*\/|\/\/[^\n]*/gs, '');
  const numbers = [...code.matchAll(/\b\w*[sS]tate (?:=|<>|<|>|===|!==) \d\b|\bstate IN \(\d|\bstate: \d\b/g)];
  const words = [...code.matchAll(/\bstate (?:=|<>|IN|NOT IN) \(?((?:'\w+'(?:, )?)+)/g)].flatMap(
    ([whole, list = '']) =>
      [...list.matchAll(/'(\w+)'/g)].some(([, state = '']) => !named.has(state)) ? [[whole]] : [],
  );
  return [...numbers, ...words].map(([whole]) => whole ?? '');
}

describe('states of rows', () => {
  test('stand in one place: nowhere else is one written as a number, or in SQL as a word that no list has', () => {
    const found = readdirSync(engine, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
      .flatMap((file) => strayStates(readFileSync(join(engine, file), 'utf8')).map((stray) => `${file}: ${stray}`));
    expect(found).toEqual([]);
  });

  test.each([
    'UPDATE runs SET state = 3 WHERE id = 1',
    'WHERE e.state IN (1, 2)',
    'if (row.state === 3) return null;',
    'values({ state: 1, step: 0 })',
    "WHERE m.state IN ('accepted', 'sent')",
  ])('a stray one is found: %s', (planted) => {
    expect(strayStates(planted)).toHaveLength(1);
  });

  test('one that is named is none', () => {
    expect(strayStates("SET state = \u0024{sql.lit(runState.closed)} WHERE state <> 'queued' // state = 3")).toEqual(
      [],
    );
  });
});
