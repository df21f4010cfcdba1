import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { checkPurity, impurities } from './purity.ts';

test('the library reads no clock, draws nothing, asks nobody and sets no timer', () => {
  expect(checkPurity(resolve(import.meta.dirname, '..'))).toEqual([]);
});

test.each([
  ['run: () => next(Date.now() > 0 ? "a" : "b")', 'Date.now'],
  ['const now = new Date();', 'new Date()'],
  ['const now = Date();', 'Date()'],
  ['const half = Math.random() < 0.5;', 'Math.random'],
  ["await fetch('https://example.com');", 'fetch'],
  ['const now = new Date;', 'new Date()'],
  ['const ask = fetch;', 'fetch'],
  ["const socket = new WebSocket('wss://example.com');", 'the network'],
  ['const now = Temporal.Now.instant();', 'Temporal.Now'],
  ['const { random } = Math;', 'a clock or a draw by another name'],
  ['const clock = Date;', 'a clock or a draw by another name'],
  ["const now = Date['now']();", 'a clock or a draw by another name'],
  ['const world = globalThis;', 'a global of the process'],
  ['setTimeout(done, 10);', 'a timer'],
  ['const id = crypto.randomUUID();', 'a global of the process'],
  ['const t = performance.now();', 'a global of the process'],
  ['const home = process.env["HOME"];', 'a global of the process'],
  ['const now = Date?.now();', 'Date.now'],
  ['const half = Math?.random();', 'Math.random'],
  ['await global.fetch(address);', 'a global of the process'],
  ['global.setTimeout(done, 10);', 'a global of the process'],
  ['const id = crypto?.randomUUID();', 'a global of the process'],
  ['const home = process?.env;', 'a global of the process'],
  ['const now = new (Date)();', 'new Date()'],
  ['const now = new Intl.DateTimeFormat("en").format();', 'the present moment'],
  ['ask({ signal: AbortSignal.timeout(10) });', 'a timer'],
])('%s turns red', (source, name) => {
  expect(impurities('planted.ts', source)).toEqual([`planted.ts:1 uses ${name}; time and randomness are handed in`]);
});

test.each([
  'const until = new Date(now.getTime() + 1);',
  '// as Date.now() and Math.random() would be',
  "const text = 'fetch(it)';",
  'const at = event.performance.at;',
  'return random.perContact();',
  'const at: Date = new Date(now);',
  'type Loader = { readonly fetch: () => void };',
  'const half = Math.round(x / 2);',
  'const shown = new Intl.DateTimeFormat("en").format(at);',
])('%s does not', (source) => {
  expect(impurities('planted.ts', source)).toEqual([]);
});
