import pg from 'pg';
import { tenantTables } from './tenant-tables.ts';

/** All that the router's role may read of tenant tables: ids, states and times. docs/operations.md says what for. */
export const routerColumns: Readonly<Record<string, readonly string[]>> = {
  workspaces: ['workspace_id', 'created_at', 'link_domain', 'queue_weight'],
  access_tokens: ['workspace_id', 'token_hash', 'kind', 'scope', 'expires_at'],
  accounts: ['workspace_id', 'id', 'shard', 'health', 'per_second', 'balance_due_at'],
  senders: ['workspace_id', 'address', 'per_second'],
  flows: ['workspace_id', 'id', 'state', 'queue_weight'],
  consents: ['workspace_id', 'state', 'expires_at'],
  suppressions: ['workspace_id'],
  deleted_contacts: ['workspace_id', 'deleted_at'],
  runs: ['workspace_id', 'id', 'lane', 'state', 'created_at', 'started_at', 'closed_at'],
  enrollments: ['workspace_id', 'id', 'state', 'due_at'],
  enrollment_batches: ['workspace_id', 'id', 'state', 'created_at'],
  message_queue: [
    'workspace_id',
    'account_id',
    'flow_id',
    'flow_key',
    'sender',
    'lane',
    'state',
    'seq',
    'not_before',
    'expires_at',
    'lease_until',
  ],
  queue_retries: ['workspace_id', 'starts_at', 'finished_at'],
  queue_holds: ['workspace_id', 'mode', 'account_id', 'sender', 'flow_id', 'lane', 'above', 'starts_at', 'finished_at'],
  queue_deltas: ['workspace_id', 'id'],
  settlements: ['workspace_id', 'at'],
  released_texts: ['workspace_id', 'at'],
  spend_deltas: ['workspace_id'],
  gate_rules: ['workspace_id', 'rule', 'from_upgrade'],
  text_parts: ['workspace_id', 'received_at', 'joined_at'],
  notices: ['workspace_id', 'mail_at'],
  flow_count_deltas: ['workspace_id', 'id'],
  segments: ['workspace_id', 'id', 'state', 'recounted_at'],
  campaigns: ['workspace_id', 'id', 'state', 'schedule_synced'],
  campaign_occurrences: ['workspace_id', 'id', 'state', 'next_at'],
  segment_dues: ['workspace_id', 'due_at'],
  code_pools: ['workspace_id'],
  goals: ['workspace_id', 'filled_at'],
  segment_dirty: ['workspace_id', 'id'],
  tests: ['workspace_id', 'state', 'rest_moved_at'],
  sign_up_forms: ['workspace_id', 'code'],
  webhook_endpoints: ['workspace_id', 'id', 'enabled'],
  webhook_outbox: ['workspace_id', 'id'],
  webhook_deliveries: ['workspace_id', 'endpoint_id', 'state', 'next_at'],
  links: ['workspace_id', 'code'],
  media: ['workspace_id', 'state', 'next_at'],
  media_removals: ['workspace_id', 'due_at'],
  feed: ['workspace_id', 'id', 'xid', 'flow_ids', 'contact_ids', 'topic', 'ids', 'counts', 'everything', 'at'],
};

/**
 * Compares what the router may do with `expected`, by asking the catalogue and by trying every column.
 *
 * @returns a line for each column or right too many or too few.
 */
export async function probeRouter(
  ownerUrl: string,
  routerUrl: string,
  expected: Readonly<Record<string, readonly string[]>>,
): Promise<string[]> {
  const owner = new pg.Client({ connectionString: ownerUrl });
  const router = new pg.Client({ connectionString: routerUrl });
  await Promise.all([owner.connect(), router.connect()]);
  try {
    const problems: string[] = [];
    for (const table of await tenantTables(owner)) {
      const name = pg.escapeIdentifier(table.name);
      for (const column of table.columns) {
        const may = await router.query(`SELECT ${pg.escapeIdentifier(column.name)} FROM ${name} LIMIT 0`).then(
          () => true,
          (error: unknown) => {
            if (error instanceof pg.DatabaseError && error.code === '42501') return false;
            throw error;
          },
        );
        const should = expected[table.name]?.includes(column.name) === true;
        if (may && !should) problems.push(`${table.name}.${column.name}: the router may read it`);
        if (!may && should) problems.push(`${table.name}.${column.name}: the router may not read it`);
      }
      const rights = await owner.query<{ right: string }>(
        `SELECT r AS right FROM unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) r
         WHERE has_table_privilege('signalbox_router', $1, r) OR (r IN ('INSERT', 'UPDATE', 'REFERENCES') AND has_any_column_privilege('signalbox_router', $1, r))`,
        [table.name],
      );
      problems.push(...rights.rows.map((row) => `${table.name}: the router may ${row.right}`));
    }
    return problems;
  } finally {
    await Promise.all([owner.end(), router.end()]);
  }
}
