import { z } from '@hono/zod-openapi';
import { personal } from '../http/personal.ts';
import { readCsvApart } from './csv-apart.ts';
import type { CsvReading, ImportColumn, ReadRow, RowError } from './csv-import.ts';

/** Bytes of a file. */
export const mostImportBytes = 5 * 1_024 * 1_024;
const chunk = 1_000;
/** Errors told one by one; beyond these only counted. */
const mostErrors = 1_000;

/** What every import says of the rows that it left out; the header is row 1, and at most 1,000 are told one by one. */
export const importedShape = {
  failed: z.number().int(),
  /** The file's columns in order, each with the field it filled; null for one that was left out. */
  columns: z.array(z.object({ header: z.string(), field: z.string().nullable() })),
  errors: z.array(
    z.object({
      row: z.number().int(),
      field: z.string(),
      code: z.string(),
      message: z.string(),
      value: personal('text', z.string()),
    }),
  ),
};

/** What became of a file's rows. */
export type ImportedFile = { failed: number; columns: ImportColumn[]; errors: RowError[] };

/**
 * Reads a file of people and stores its rows, a chunk at a time; a number that stands there twice comes in two chunks, the later line last.
 *
 * @param reading how the file is read: its fields are those that the import is about; null takes every column.
 * @param store stores rows and says which of them could not be.
 * @throws ProblemError as `readCsv` does.
 */
export async function importFile(
  bytes: Uint8Array,
  reading: CsvReading,
  store: (rows: readonly ReadRow[]) => Promise<readonly RowError[]>,
): Promise<ImportedFile> {
  const result: ImportedFile = { failed: 0, columns: [], errors: [] };
  const refuse = (error: RowError): void => {
    result.failed += 1;
    if (result.errors.length < mostErrors) result.errors.push(error);
  };
  let waiting = new Map<string, ReadRow>();
  const storeWaiting = async (): Promise<void> => {
    const rows = [...waiting.values()];
    waiting = new Map();
    if (rows.length > 0) for (const error of await store(rows)) refuse(error);
  };
  for await (const items of readCsvApart(bytes, reading)) {
    for (const item of items) {
      if ('columns' in item) result.columns = item.columns.map((column) => ({ ...column }));
      else if ('code' in item) refuse(item);
      else {
        if (waiting.has(item.contact.phone)) await storeWaiting();
        waiting.set(item.contact.phone, item);
        if (waiting.size >= chunk) await storeWaiting();
      }
    }
  }
  await storeWaiting();
  result.errors.sort((a, b) => a.row - b.row);
  return result;
}
