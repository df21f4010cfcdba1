import { z } from '@hono/zod-openapi';
import { csvLine } from '@signalbox/nodes/text/csv-line';
import { personal } from './personal.ts';

/** The answer of a route that hands out a file. */
export function csvAnswer(description: string, example: string) {
  return { description, content: { 'text/csv': { schema: personal('text', z.string().openapi({ example })) } } };
}

/** The headers that such an answer goes out with. */
export const csvHeaders = (name: string) => ({
  'content-type': 'text/csv; charset=utf-8',
  'content-disposition': `attachment; filename="${name}.csv"`,
});

/**
 * A CSV file as it is read, a page at a time: however long it is, no more of it is held than whoever takes it is behind.
 *
 * @param page reads the rows behind a place, from the first one on with null; `next` is null with the last.
 */
export function csvStream<Place>(
  columns: readonly string[],
  page: (
    after: Place | null,
  ) => Promise<{ readonly rows: ReadonlyArray<readonly (string | null)[]>; readonly next: Place | null }>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let after: Place | null = null;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(csvLine(columns)));
    },
    async pull(controller) {
      const { rows, next } = await page(after);
      if (rows.length > 0) controller.enqueue(encoder.encode(rows.map(csvLine).join('')));
      after = next;
      if (next === null) controller.close();
    },
  });
}
