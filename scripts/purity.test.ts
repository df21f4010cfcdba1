import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { checkPurity, impurities } from './purity.ts';

test('the library and statistics read no clock, draw nothing, ask nobody and set no timer', () => {
  expect(checkPurity(resolve(import.meta.dirname, '..'))).toEqual([]);
});

test.each(['packages/nodes/src', 'packages/statistics/src'])(
  'what is planted in %s is found, and an empty folder is wrong',
  (folder) => {
    const root = mkdtempSync(join(tmpdir(), 'signalbox-purity-'));
    try {
      for (const each of ['packages/nodes/src', 'packages/statistics/src']) {
        mkdirSync(join(root, each), { recursive: true });
        writeFileSync(join(root, each, 'clean.ts'), 'export const half = Math.abs(0.5);');
      }
      expect(checkPurity(root)).toEqual([]);
      writeFileSync(join(root, folder, 'planted.ts'), 'export const draw = () => Math.random();');
      expect(checkPurity(root)).toEqual([expect.stringContaining(`${folder}/planted.ts:1 uses Math.random`)]);
      rmSync(join(root, folder), { recursive: true });
      mkdirSync(join(root, folder));
      expect(checkPurity(root)).toEqual([`no sources under ${folder}`]);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  },
);

/** A source beside what its own room hands it. */
const inRoom = (source: string): string =>
  `${source}\nimport { address, after, ask, cells, done, event, issue, next, none, now, random, read, said, Shown, steps, texts, x } from './room.ts';`;

const planted: ReadonlyArray<readonly [source: string, name: string, line?: number]> = [
  ['const go = { run: () => next(Date.now() > 0 ? "a" : "b") };', 'Date.now'],
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
  ["const f = new Intl.DateTimeFormat('en');\nf.format();", 'the present moment', 2],
  ["const f = new Intl.DateTimeFormat('en'); const said = f.formatToParts(undefined);", 'the present moment'],
  ["const f = new Intl.DateTimeFormat('en'); const said = f['format']();", 'the present moment'],
  ["const f = new Intl.DateTimeFormat('en'); const said = f?.format(...none);", 'the present moment'],
  ["const f = new Intl.DateTimeFormat('en'); const say = f.format;", 'the present moment'],
  ["const f = new Intl.DateTimeFormat('en'); f.format.call(f);", 'the present moment'],
  ["const { format } = new Intl.DateTimeFormat('en');", 'the present moment'],
  ['await self.fetch(address);', 'a global of the process'],
  ["await globalThis['fetch'](address);", 'a global of the process'],
  ["await window['fetch'](address);", 'a global of the process'],
  ['const { fetch: ask } = globalThis;', 'a global of the process'],
  ['const { fetch: ask } = self;', 'a global of the process'],
  ['const made = () => ({ fetch });', 'fetch'],
  ['export { fetch };', 'fetch'],
  ['ask(fetch);', 'fetch'],
  ['const said = `now $\u007bfetch(address)}`;', 'fetch'],
  ['const { now } = Date;', 'a clock or a draw by another name'],
  ['const clocks = [Date];', 'a clock or a draw by another name'],
  ['const at = read(Date);', 'a clock or a draw by another name'],
  ['const Clock = class extends Date {};', 'a clock or a draw by another name'],
  ['class Clock extends Date { constructor() { super(); } }', 'a clock or a draw by another name'],
  ['const at = Shown.now();', 'a clock or a draw by another name'],
  ['const at = now.constructor;', 'a clock or a draw by another name'],
  ['const half = (Math as Draws).random() < 0.5;', 'Math.random'],
  ['const now = new Date(...[]);', 'new Date()'],
  ['const now = new Date!();', 'new Date()'],
  ["const now = eval('Date.now()');", 'the global eval'],
  ["const now = Function('return Date.now()')();", 'the global Function'],
  ['const shared = new Worker(address);', 'the global Worker'],
  ['Atomics.wait(cells, 0, 0, 10);', 'the global Atomics'],
  ['if (after) { const fetch = ask; }\nfetch(address);', 'fetch', 2],
  ['const at = (Date: Made) => new Date();\nconst now = new Date();', 'new Date()', 2],
];

test.each(planted.map(([source, name, line = 1]) => ({ source, name, line })))(
  '$source turns red',
  ({ source, name, line }) => {
    expect(impurities('planted.ts', inRoom(source))).toEqual([
      `planted.ts:${line} uses ${name}; time and randomness are handed in`,
    ]);
  },
);

test.each([
  'const until = new Date(now.getTime() + 1);',
  '// as Date.now() and Math.random() would be',
  "const text = 'fetch(it)';",
  'const at = event.performance.at;',
  'const share = () => { return random.perContact(); };',
  'const at: Date = new Date(now);',
  'type Loader = { readonly fetch: () => void };',
  'const half = Math.round(x / 2);',
  'const shown = new Intl.DateTimeFormat("en").format(now);',
  "const f = new Intl.DateTimeFormat('en'); f.format(now);",
  "const f = new Intl.DateTimeFormat('en'); f.formatToParts(now)[0];",
  'const text = texts[issue.format] ?? texts.format;',
  'const at = said instanceof Date ? said : new Date(said);',
  "const at = Date.parse('2026-03-02');",
  'const ask = ({ fetch, self }: Loader) => fetch(self);',
  'class Loader { fetch(): void { this.fetch(); } }',
  'const loader = { fetch: 1, process: 2 };',
  'type Clock = typeof Date.now;',
  'class Shown extends Date { constructor(at: Date) { super(at); } }',
  'const at = event.now;',
  'import { performance } from "./performance.ts"; performance.at();',
  'export { fetch } from "./fetch.ts";',
  'for (const process of steps) process.end();',
  'const texts = { constructor: "No step may be called that" };',
])('%s does not', (source) => {
  expect(impurities('planted.ts', inRoom(source))).toEqual([]);
});
