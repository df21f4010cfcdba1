import { expect, test } from 'vitest';
import { eventTypes, findEventType, testType } from './event-types.ts';

test('every type is declared once, as noun.past_tense, with what happened and an example that fits', () => {
  const names = eventTypes.map(({ type }) => type);
  expect(new Set(names).size).toBe(names.length);
  for (const { type, title, schema, example, version } of eventTypes) {
    expect(type).toMatch(/^[a-z]+\.[a-z]+(_[a-z]+)*$/);
    expect([type, /^[A-Z].*[^.]$/.test(title), Number.isInteger(version)]).toEqual([type, true, true]);
    expect(schema.parse(example)).toEqual(example);
    expect(findEventType(type)?.type.type).toBe(type);
  }
  // Asked for, never chosen.
  expect(names).not.toContain(testType);
});

test('numbers and texts are in the data of events about messages alone', () => {
  const holding = eventTypes.filter(({ example }) => /\+\d{7,}|"text":"/.test(JSON.stringify(example)));
  expect(new Set(holding.map(({ type }) => type.split('.')[0]))).toEqual(new Set(['message']));
});
