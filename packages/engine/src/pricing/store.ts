import { LRUCache } from 'lru-cache';
import type { Scope } from '../db/work.ts';
import { createPriceBook, type PriceBook } from './price-book.ts';

const books = new LRUCache<string, PriceBook>({ max: 1_000 });

/** The prices of a workspace that are in its currency: read again once `version`, which whoever asks read with what it needs them for, is another. */
export async function priceBookAt(scope: Scope, version: string): Promise<PriceBook> {
  const key = `${scope.workspaceId} ${version}`;
  const known = books.get(key);
  if (known !== undefined) return known;
  const read = await readPriceBook(scope);
  books.set(key, read);
  return read;
}

async function readPriceBook({ tx, workspaceId }: Scope): Promise<PriceBook> {
  const rows = await tx
    .selectFrom('prices as p')
    .innerJoin('workspaces as w', (join) =>
      join.onRef('p.workspace_id', '=', 'w.workspace_id').onRef('p.currency', '=', 'w.currency'),
    )
    .select(['p.provider', 'p.prefix', 'p.micro_units'])
    .where('p.workspace_id', '=', workspaceId)
    .execute();
  return createPriceBook(rows.map(({ micro_units, ...row }) => ({ ...row, microUnits: Number(micro_units) })));
}
