import { expect, test } from 'vitest';
import { actingOn } from './carrier-words.ts';

const wordOf = actingOn({ stop: ['STOP', 'STOP ALL'], help: ['HELP'] });

test.each([
  ['STOP', 'stop'],
  [' stop all\n', 'stop'],
  ['Help', 'help'],
])('%j is acted on', (body, kind) => {
  expect(wordOf(body)).toEqual({ kind, stated: false });
});

test.each(['', 'START', 'STOP!', 'please stop', 'constructor', '__proto__'])('%j is not', (body) => {
  expect(wordOf(body)).toBeNull();
});
