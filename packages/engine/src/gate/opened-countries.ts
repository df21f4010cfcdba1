import { placeOfNumber } from '@signalbox/nodes/gate/number-place';
import { type Db, inWorkspace } from '../db/database.ts';

const pageSize = 5_000;

/**
 * Opens the countries that a workspace has somebody in, where an upgrade left every country open until that is known. Safe to begin
 * again, and beside somebody who sets the rule meanwhile: what they set stays. */
export async function openCountriesOfContacts(db: Db, workspaceId: string, now: Date): Promise<void> {
  const found = new Set<string>();
  for (let after: string | null = null; ; ) {
    const page: ReadonlyArray<{ readonly id: string; readonly phone: string }> = await inWorkspace(
      db,
      workspaceId,
      (tx) => {
        const contacts = tx.selectFrom('contacts').select(['id', 'phone']).where('workspace_id', '=', workspaceId);
        return (after === null ? contacts : contacts.where('id', '>', after)).orderBy('id').limit(pageSize).execute();
      },
    );
    for (const { phone } of page) {
      const { country } = placeOfNumber(phone);
      if (country !== null) found.add(country);
    }
    const last = page.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  const open = [...found].sort();
  await inWorkspace(db, workspaceId, (tx) =>
    tx
      .updateTable('gate_rules')
      .set({ settings: JSON.stringify({ open }), from_upgrade: false, updated_at: now })
      .where('workspace_id', '=', workspaceId)
      .where('rule', '=', 'countries')
      .where('from_upgrade', '=', true)
      .execute(),
  );
}
