import type { TenantTable } from './tenant-tables.ts';

/**
 * Why a column that names a row of another table needs no foreign key to stay in its workspace. Foreign keys on the hot tables cost
 * a look-up and a lock for every row of a cohort, so these columns have none (docs/operations.md).
 * - `made`: the id is made in the transaction that writes the other row.
 * - `read`: it comes from a row that the same transaction read under row-level security.
 * - `given`: it comes from outside and is kept as given; whoever uses it looks it up under row-level security.
 */
type Origin = 'made' | 'read' | 'given';

export const looseReferences: Readonly<Record<string, Readonly<Record<string, Origin>>>> = {
  consent_ledger: { source_message_id: 'read', flow_id: 'read', enrollment_id: 'read' },
  flows: { live_version_id: 'made' },
  flow_triggers: { version_id: 'made' },
  runs: { flow_id: 'read', version_id: 'read' },
  run_steps: { run_id: 'read' },
  enrollments: {
    flow_id: 'read',
    version_id: 'read',
    run_id: 'made',
    waiting_message_id: 'made',
    event_id: 'read',
    held_event_id: 'read',
  },
  enrollment_path: { enrollment_id: 'read', event_id: 'read' },
  enrollment_history: { flow_id: 'read', version_id: 'read', contact_id: 'read' },
  segments: { uses: 'read', cursor: 'read' },
  goals: { fill_event_id: 'read' },
  conversions: { event_id: 'read' },
  sign_up_forms: { list_ids: 'read' },
  codes: { event_id: 'made' },
  campaign_occurrences: { cursor: 'read', highest: 'read', change_id: 'read' },
  campaign_people: { campaign_id: 'read' },
  segment_dirty: { contact_id: 'read' },
  enrollment_batches: { list_id: 'read', segment_id: 'read', contact_ids: 'given', cursor: 'given', highest: 'read' },
  flow_count_deltas: { flow_id: 'read' },
  flow_count_totals: { flow_id: 'read' },
  flow_count_days: { flow_id: 'read' },
  messages: {
    account_id: 'read',
    flow_id: 'read',
    enrollment_id: 'read',
    consumed_by: 'read',
    route_id: 'read',
    template_version_id: 'read',
  },
  message_queue: { message_id: 'made', account_id: 'read', flow_id: 'read', attempt_id: 'made', flow_key: 'read' },
  queue_holds: { before_id: 'given' },
  queue_retries: { before_id: 'given' },
  queue_deltas: { account_id: 'read', flow_key: 'read' },
  queue_depths: { account_id: 'read', flow_key: 'read' },
  queue_minutes: { account_id: 'read', flow_key: 'read' },
  spend_deltas: { account_id: 'read', flow_id: 'read' },
  spend_hours: { account_id: 'read', flow_id: 'read' },
  message_attempts: { message_id: 'read', account_id: 'read' },
  message_receipts: { account_id: 'read', attempt_id: 'given', message_id: 'read' },
  unmatched_webhooks: { account_id: 'read' },
  settlements: { message_id: 'read', enrollment_id: 'read' },
  media: { message_id: 'made', account_id: 'read' },
  deleted_contacts: { deletion_id: 'given', list_ids: 'read' },
  links: { message_id: 'made', flow_id: 'read' },
  webhook_outbox: { subject_id: 'read' },
  feed: { flow_ids: 'read', contact_ids: 'read' },
};

/** Columns that hold ids of other rows and are part of no foreign key, as `table.column`. */
export function columnsWithoutKey(tables: readonly TenantTable[]): string[] {
  return tables.flatMap((table) => {
    const keyed = new Set(table.references.flatMap((reference) => reference.columns));
    return table.columns
      .filter((column) => (column.type === 'uuid' || column.type === 'uuid[]') && !keyed.has(column.name))
      .filter((column) => column.name !== 'id' && column.name !== 'workspace_id')
      .map((column) => `${table.name}.${column.name}`);
  });
}

/** The columns of a list, as `table.column`; all of them, or those of one origin. */
export function listedColumns(list: typeof looseReferences, origin?: Origin): string[] {
  return Object.entries(list).flatMap(([table, columns]) =>
    Object.entries(columns)
      .filter(([, of]) => origin === undefined || of === origin)
      .map(([column]) => `${table}.${column}`),
  );
}
