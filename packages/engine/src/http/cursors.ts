import { z } from 'zod';
import { ProblemError } from './problems.ts';

/** The opaque cursor of a keyset: base64url of a JSON array. */
export function writeCursor(keys: ReadonlyArray<string | number>): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url');
}

/**
 * Reads a cursor back.
 *
 * @throws ProblemError `cursor_invalid` where it is not one that this list gave.
 */
export function readCursor<T>(cursor: string | undefined, schema: z.ZodType<T>): T | null {
  if (cursor === undefined) return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch {
    throw new ProblemError('cursor_invalid');
  }
}

export const idCursor = z.tuple([z.uuid()]);
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z$/);
export const timeAndIdCursor = z.tuple([instant, z.uuid()]);

/** Cuts rows read with `limit + 1` to a page. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  keys: (row: Row) => ReadonlyArray<string | number>,
): { data: Item[]; next_cursor: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    data: page.map(item),
    next_cursor: rows.length > limit && last !== undefined ? writeCursor(keys(last)) : null,
  };
}
