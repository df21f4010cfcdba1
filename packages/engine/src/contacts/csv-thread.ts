import { parentPort, workerData } from 'node:worker_threads';
import { ProblemError } from '../http/problems.ts';
import type { CsvAnswer, CsvRequest } from './csv-apart.ts';
import { readCsv } from './csv-import.ts';

/** Rows of one answer. A row that fits is 32 KB of attributes at most: what is on its way to whoever asks stays small. */
const batchSize = 250;

/** The thread's program: reads the CSV file that it is started with, a batch of rows whenever it is asked. */
const { bytes, reading }: CsvRequest = workerData;
const items = readCsv(bytes, reading);

function nextBatch(): CsvAnswer {
  const batch = [];
  try {
    while (batch.length < batchSize) {
      const next = items.next();
      if (next.done === true) return { items: batch, done: true };
      batch.push(next.value);
    }
    return { items: batch, done: false };
  } catch (error) {
    if (error instanceof ProblemError) return { problem: error.code };
    throw error;
  }
}

parentPort?.on('message', () => parentPort?.postMessage(nextBatch()));
