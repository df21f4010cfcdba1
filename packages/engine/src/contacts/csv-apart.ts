import { Worker } from 'node:worker_threads';
import { type ProblemCode, ProblemError } from '../http/problems.ts';
import { createLine } from '../runtime/line.ts';
import { type CsvItem, type CsvReading, readCsv } from './csv-import.ts';

/** What the thread is started with. */
export type CsvRequest = { readonly bytes: Uint8Array; readonly reading: CsvReading };

/** What the thread answers each time it is asked. */
export type CsvAnswer =
  | { readonly items: readonly CsvItem[]; readonly done: boolean }
  | { readonly problem: ProblemCode };

/** Bytes of a file that is read in some milliseconds, whatever it holds: a thread takes a hundred to begin. */
const smallFile = 2_048;
const csvThread = new URL('csv-thread.ts', import.meta.url);
/** A thread takes some 20 MB and a core while it reads. Further imports wait. */
const threads = createLine(2);

/**
 * Reads a CSV file in a thread of its own, so that whatever it holds keeps no reply waiting; one of a few lines here and now. The thread
 * reads the next rows once the ones before have been taken, and ends with the file, with what is wrong with it, or when nobody takes more;
 * it keeps no process alive.
 *
 * @param thread its program; a test plants another.
 * @throws ProblemError as `readCsv` does.
 */
export async function* readCsvApart(
  bytes: Uint8Array,
  reading: CsvReading,
  thread: URL = csvThread,
): AsyncGenerator<readonly CsvItem[]> {
  if (bytes.length <= smallFile) {
    yield [...readCsv(bytes, reading)];
    return;
  }
  const leave = await threads.enter();
  const reader = startReader({ bytes, reading }, thread);
  const end = async (): Promise<void> => {
    await reader.end();
    leave();
  };
  try {
    for (let done = false; !done; ) {
      const answer = await reader.ask();
      if ('problem' in answer) throw new ProblemError(answer.problem);
      done = answer.done;
      // Not kept while the last rows are stored.
      if (done) await end();
      yield answer.items;
    }
  } finally {
    await end();
  }
}

type Reader = { readonly ask: () => Promise<CsvAnswer>; readonly end: () => Promise<unknown> };

function startReader(request: CsvRequest, thread: URL): Reader {
  const worker = new Worker(thread, {
    name: 'csv',
    workerData: request,
    resourceLimits: { maxOldGenerationSizeMb: 256 },
  });
  worker.unref();
  let ended: { readonly why: unknown } | null = null;
  let asked = Promise.withResolvers<CsvAnswer>();
  const fail = (why: unknown): void => {
    ended ??= { why };
    asked.reject(why);
  };
  // Nobody may be waiting when it ends.
  asked.promise.catch(() => {});
  worker.on('message', (answer: CsvAnswer) => asked.resolve(answer));
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('The thread that reads a CSV file ended.')));
  return {
    ask: () => {
      if (ended !== null) return Promise.reject(ended.why);
      asked = Promise.withResolvers();
      worker.postMessage(null);
      return asked.promise;
    },
    end: () => worker.terminate(),
  };
}
