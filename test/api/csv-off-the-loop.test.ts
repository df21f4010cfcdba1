import type { Worker } from 'node:worker_threads';
import { readCsvApart } from '@signalbox/engine/contacts/csv-apart';
import { type CsvItem, readCsv } from '@signalbox/engine/contacts/csv-import';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { type ApiHarness, startApiHarness } from './client.ts';

/** A file of people is read where it can hold nothing else up. */
let api: ApiHarness;
beforeAll(async () => {
  api = await startApiHarness();
});
afterAll(() => api.close());

/** Threads that this process has started, and how many of them have ended. */
let started: Worker[] = [];
let ended = 0;
const begins = (worker: Worker) => {
  started.push(worker);
  worker.once('exit', () => {
    ended += 1;
  });
};
beforeEach(() => {
  started = [];
  ended = 0;
  process.on('worker', begins);
});
afterEach(() => process.off('worker', begins));

const endless = new URL('csv-thread.fixture.ts', import.meta.url);
const people = (count: number, last = '') =>
  `phone,first_name\n${Array.from({ length: count }, (_, index) => `+1202${5_570_000 + index},Sample ${index}\n`).join('')}${last}`;
const bytesOf = (text: string) => new TextEncoder().encode(text);
const post = (text: string) => api.call('POST', '/api/v1/contacts/import', { text: { type: 'text/csv', text } });
const codeOf = (body: unknown) => z.object({ code: z.string() }).parse(body).code;

async function readApart(bytes: Uint8Array): Promise<CsvItem[]> {
  const items: CsvItem[] = [];
  for await (const batch of readCsvApart(bytes, { country: 'US', fields: null, custom: [] })) {
    expect(batch.length).toBeLessThanOrEqual(250);
    items.push(...batch);
  }
  return items;
}

/** Begins an import whose reading never ends; resolves once it is under way, with its next rows as a promise. */
async function beginEndless(): Promise<{ readonly rows: Promise<unknown>; readonly stop: () => Promise<unknown> }> {
  const rows = readCsvApart(bytesOf(people(100)), { country: 'US', fields: null, custom: [] }, endless).next();
  rows.catch(() => {});
  await expect.poll(() => started.length).toBe(1);
  const [thread] = started;
  return { rows, stop: async () => thread?.terminate() };
}

test('a file whose reading never ends holds up no request, and no other file', async () => {
  const { stop } = await beginEndless();
  try {
    expect((await api.call('GET', '/api/v1/contacts')).status).toBe(200);
    expect((await post(people(100))).status).toBe(200);
    expect([started.length, ended]).toEqual([2, 1]);
  } finally {
    await stop();
  }
});

test('a file is read in one thread, which is gone when the answer is there; one of a few lines needs none', async () => {
  expect((await post(people(700))).body).toMatchObject({ failed: 0 });
  expect([started.length, ended]).toEqual([1, 1]);
  expect((await post(people(3))).body).toMatchObject({ failed: 0, updated: 3 });
  expect(started).toHaveLength(1);
});

test.each([
  ['import_columns', `name\n${'a\n'.repeat(2_000)}`],
  ['import_header_too_long', `phone,${'x'.repeat(100_000)}`],
  ['import_too_many_rows', `phone\n${'1\n'.repeat(100_001)}`],
])('what is wrong with a file is told by the thread as well: %s', async (code, text) => {
  const { status, body } = await post(text);
  expect([status, codeOf(body)]).toEqual([422, code]);
  expect([started.length, ended]).toEqual([1, 1]);
});

test('and that it is in another encoding', async () => {
  const latin = Uint8Array.from([...bytesOf(people(100)), 0xe9, 0x0a]);
  await expect(readApart(latin)).rejects.toMatchObject({ code: 'import_not_utf8' });
  await expect(readApart(latin.slice(-4))).rejects.toMatchObject({ code: 'import_not_utf8' });
  expect([started.length, ended]).toEqual([1, 1]);
});

test('a thread hands on what a file holds as it is, by few rows at a time, and reads no further than it is asked', async () => {
  const bytes = bytesOf(people(2_000, 'nonsense,B\n+12025550110,"open\n'));
  const items = await readApart(bytes);
  expect(items).toHaveLength(2_003);
  expect(items).toEqual([...readCsv(bytes, { country: 'US', fields: null, custom: [] })]);
  expect([started.length, ended]).toEqual([1, 1]);
  for await (const [first] of readCsvApart(bytes, { country: 'US', fields: null, custom: [] })) {
    expect(first).toHaveProperty('columns');
    break;
  }
  expect([started.length, ended]).toEqual([2, 2]);
});

test('a thread that ends by itself fails its import alone', async () => {
  const { rows, stop } = await beginEndless();
  await stop();
  await expect(rows).rejects.toThrow('The thread that reads a CSV file ended.');
  expect((await post(people(100))).status).toBe(200);
});

test('many files at once are read by two threads at a time', async () => {
  let most = 0;
  const count = () => {
    most = Math.max(most, started.length - ended);
  };
  process.on('worker', count);
  const answers = await Promise.all(Array.from({ length: 6 }, () => post(people(100))));
  process.off('worker', count);
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
  expect([started.length, ended, most]).toEqual([6, 6, 2]);
});
