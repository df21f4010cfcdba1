import { writeFeed } from '../db/feed.ts';
import type { RunPart } from '../http/effect.ts';
import type { RouteDeps } from '../http/env.ts';
import { type RowError, refusal } from './csv-import.ts';
import { isAttributesLimit, isExternalIdTaken } from './refusals.ts';
import { type NewContact, type UpsertedContact, upsertContacts } from './store.ts';

/** Somebody of a file or a list, by their place in it. */
export type WaitingRow = { readonly row: number; readonly contact: NewContact };

/** What became of rows, by their places. */
export type StoredRows = {
  readonly stored: ReadonlyMap<number, UpsertedContact>;
  readonly refused: readonly RowError[];
};

export type RowStore = (runPart: RunPart, rows: readonly WaitingRow[], isSample: boolean) => Promise<StoredRows>;

/**
 * Stores rows in one transaction; where one of them cannot be, the others. Chunks commit by themselves: repeating a part of an import
 * changes nothing, and no lock is held for long. Numbers must not repeat within a chunk.
 */
export function createRowStore(deps: Pick<RouteDeps, 'engine'>): RowStore {
  const store: RowStore = async (runPart, rows, isSample) => {
    try {
      const { byPhone, workspaceId } = await runPart(async (work) => {
        const contacts = rows.map(({ contact }) => contact);
        const done = await upsertContacts(deps.engine, work, contacts, isSample);
        await writeFeed(work, { contactIds: done.ids });
        return { byPhone: done.byPhone, workspaceId: work.workspaceId };
      });
      deps.engine.notifier.changed(workspaceId);
      const stored = rows.flatMap(({ row, contact }) => {
        const person = byPhone.get(contact.phone);
        return person === undefined ? [] : [[row, person] as const];
      });
      return { stored: new Map(stored), refused: [] };
    } catch (error) {
      const taken = isExternalIdTaken(error);
      if (!taken && !isAttributesLimit(error)) throw error;
      const [only] = rows;
      if (rows.length === 1 && only !== undefined) {
        const { row, contact } = only;
        const why = taken
          ? refusal(row, 'external_id', 'external_id_taken', contact.external_id ?? '')
          : refusal(row, '', 'attributes_limit', contact.phone);
        return { stored: new Map(), refused: [why] };
      }
      const middle = Math.ceil(rows.length / 2);
      const first = await store(runPart, rows.slice(0, middle), isSample);
      const second = await store(runPart, rows.slice(middle), isSample);
      return {
        stored: new Map([...first.stored, ...second.stored]),
        refused: [...first.refused, ...second.refused],
      };
    }
  };
  return store;
}
