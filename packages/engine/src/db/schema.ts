import type { AssignedBy } from '@signalbox/nodes/define/arms';
import type { StoredContact } from '@signalbox/nodes/define/contact-fields';
import type { RegistrationState } from '@signalbox/nodes/gate/define-rule';
import type { ColumnType, Generated, GeneratedAlways } from 'kysely';
import type {
  AttemptState,
  BatchState,
  CampaignState,
  ConsentRowState,
  DeliveryState,
  FlowState,
  HeldWaiting,
  HoldMode,
  LinkDevice,
  MediaState,
  MessageState,
  OccurrenceState,
  Outcome,
  PositionState,
  QueueState,
  RunState,
  SegmentState,
  TestEnd,
  TestOutcome,
  TestState,
  WebhookDisabledReason,
} from './states.ts';

/*
 * The tables as kysely sees them. migrations/ is the statement of record, and `test/db/schema.test.ts` compares the two: columns, which of
 * them may be null, and which an insert may leave out.
 */

/** A JSON column: read as parsed JSON, written as text. */
type Json<T> = ColumnType<T, string, string>;
/** A 64-bit integer: the driver reads it as text. */
type Big = ColumnType<string, string | number | bigint, string | number | bigint>;
/** A 64-bit integer that the database counts up. */
type Counted = GeneratedAlways<string>;

export interface WorkspacesTable {
  workspace_id: string;
  name: string;
  time_zone: Generated<string>;
  home_country: Generated<string>;
  currency: Generated<string>;
  language: Generated<string>;
  brand: string | null;
  link_domain: string | null;
  stop_answer: string | null;
  start_answer: string | null;
  help_answer: string | null;
  notice_emails: Generated<string[]>;
  queue_weight: Generated<number>;
  resend_unknown: Generated<boolean>;
  created_at: Date;
}

export interface AccessTokensTable {
  workspace_id: string;
  token_hash: Buffer;
  kind: string;
  scope: string;
  label: Generated<string>;
  created_at: Date;
  expires_at: Date;
}

export interface IdempotencyKeysTable {
  workspace_id: string;
  key: string;
  request_hash: Buffer;
  status: number | null;
  headers: ColumnType<unknown, string | null, string | null>;
  body: string | null;
  created_at: Date;
}

export interface ContactsTable extends StoredContact {
  workspace_id: string;
  id: string;
  attributes: ColumnType<unknown, string | undefined, string>;
  unhandled: Generated<boolean>;
  is_sample: Generated<boolean>;
  revision: Generated<number>;
  updated_at: Date;
  deleted_at: Date | null;
}

export interface DeletedContactsTable {
  workspace_id: string;
  contact_id: string;
  deletion_id: string;
  phone: string;
  profile: ColumnType<unknown, string, string>;
  list_ids: string[];
  actor_kind: string;
  actor: string;
  deleted_at: Date;
}

export interface ContactFieldsTable {
  workspace_id: string;
  id: string;
  key: string;
  label: string;
  type: string;
  options: ColumnType<unknown, string | undefined, string>;
  currency: string | null;
  position: number;
  retired_at: Date | null;
  is_sample: Generated<boolean>;
  revision: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

export interface ContactListsTable {
  workspace_id: string;
  id: string;
  kind: string;
  name: string;
  is_sample: Generated<boolean>;
  revision: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

export interface ContactListMembersTable {
  workspace_id: string;
  list_id: string;
  contact_id: string;
  at: Date;
}

export interface TestsTable {
  workspace_id: string;
  id: string;
  flow_id: string;
  step_id: string;
  version: number;
  config: Json<unknown>;
  state: TestState;
  winner: string | null;
  outcome: TestOutcome | null;
  ended_by: TestEnd | null;
  by_kind: string | null;
  by_id: string | null;
  reason: Generated<string>;
  ended_at: Date | null;
  rest_moved_at: Date | null;
  is_sample: Generated<boolean>;
  created_at: Date;
}

export interface TestAssignmentsTable {
  workspace_id: string;
  test_id: string;
  contact_id: string;
  arm: string;
  propensity: number;
  decided_by: AssignedBy;
  keeps_control: Generated<boolean>;
  assigned_at: Date;
}

export interface TestLooksTable {
  workspace_id: string;
  test_id: string;
  hour: Date;
  at: Date;
  seen: Json<unknown>;
}

export interface SegmentsTable {
  workspace_id: string;
  id: string;
  name: string;
  condition: Json<unknown>;
  watches: string[];
  uses: string[];
  size: ColumnType<string, never, never>;
  state: SegmentState;
  cursor: string | null;
  since_xid: Generated<string>;
  recounted_at: Date;
  mended: Generated<number>;
  is_sample: Generated<boolean>;
  revision: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

export interface SegmentMembersTable {
  workspace_id: string;
  segment_id: string;
  contact_id: string;
  since: Date;
}

export interface SegmentDuesTable {
  workspace_id: string;
  segment_id: string;
  contact_id: string;
  due_at: Date;
}

export interface SegmentDirtyTable {
  workspace_id: string;
  id: Counted;
  contact_id: string;
  watch: string;
}

export interface SegmentChangesTable {
  workspace_id: string;
  id: string;
  segment_id: string;
  contact_id: string;
  entered: boolean;
  at: Date;
}

export interface GoalsTable {
  workspace_id: string;
  id: string;
  name: string;
  event_type: string;
  value_field: string | null;
  currency: string | null;
  window_days: number;
  delivery_days: number;
  archived_at: Date | null;
  fill_xid: string | null;
  fill_at: Date | null;
  fill_event_id: string | null;
  filled_at: Date | null;
  is_sample: Generated<boolean>;
  revision: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

export interface ConversionsTable {
  workspace_id: string;
  goal_id: string;
  event_id: string;
  contact_id: string;
  at: Date;
  value_micro: Big | null;
  currency: string | null;
}

export interface CodePoolsTable {
  workspace_id: string;
  id: string;
  key: string;
  name: string;
  low_at: number | null;
  archived_at: Date | null;
  is_sample: Generated<boolean>;
  revision: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

export interface CodesTable {
  workspace_id: string;
  code: string;
  pool_id: string;
  seq: Counted;
  given_at: Date | null;
  redeemed_at: Date | null;
  event_id: string | null;
}

export interface CodeGrantsTable {
  workspace_id: string;
  pool_id: string;
  contact_id: string;
  code: string;
}

export interface CampaignsTable {
  workspace_id: string;
  id: string;
  name: string;
  flow_id: string;
  audience: Json<unknown>;
  schedule: Json<unknown>;
  pace: ColumnType<unknown, string | null, string | null>;
  grows_until: Date | null;
  state: CampaignState;
  is_sample: Generated<boolean>;
  revision: Generated<number>;
  archived_at: Date | null;
  launched_at: Date | null;
  schedule_synced: Generated<boolean>;
  created_at: Date;
  updated_at: Date;
}

export interface CampaignOccurrencesTable {
  workspace_id: string;
  id: string;
  campaign_id: string;
  at: Date;
  state: OccurrenceState;
  next_at: Date;
  cursor: string | null;
  highest: string | null;
  change_id: string | null;
  expected: Generated<number>;
  let_in: Generated<number>;
  already_in_flow: Generated<number>;
  paced_from: Date | null;
  paced: Generated<number>;
  began_at: Date | null;
  ended_at: Date | null;
}

export interface CampaignPeopleTable {
  workspace_id: string;
  campaign_id: string;
  occurrence_id: string;
  contact_id: string;
  at: Date;
}

export interface SignUpFormsTable {
  workspace_id: string;
  id: string;
  code: string;
  name: string;
  programme_id: string;
  title: string;
  body: string;
  frequency: string;
  terms_url: string;
  privacy_url: string;
  double_opt_in: boolean;
  asks_name: boolean;
  list_ids: string[];
  hosts: string[];
  enabled: boolean;
  is_sample: Generated<boolean>;
  revision: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

export interface SignUpsTable {
  workspace_id: string;
  form_id: string;
  contact_id: string;
  at: Date;
}

export interface MessageTemplatesTable {
  workspace_id: string;
  id: string;
  kind: string;
  key: string | null;
  name: string;
  content: Json<unknown>;
  newest: number | null;
  archived_at: Date | null;
  is_sample: Generated<boolean>;
  revision: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

export interface MessageTemplateVersionsTable {
  workspace_id: string;
  id: string;
  template_id: string;
  number: number;
  content: Json<unknown>;
  note: string;
  by_kind: string;
  by_id: string;
  created_at: Date;
}

export interface NumbersTable {
  workspace_id: string;
  number: string;
  suppressed_at: Date | null;
  suppressed_reason: string | null;
}

export interface ConsentLedgerTable {
  workspace_id: string;
  id: string;
  contact_id: string;
  purpose: string;
  action: string;
  method: string;
  wording: string | null;
  source_message_id: string | null;
  flow_id: string | null;
  enrollment_id: string | null;
  hop: number | null;
  at: Date;
  programme_id: string | null;
  version: number | null;
  source: string | null;
  source_url: string | null;
  ip: string | null;
  user_agent: string | null;
  given_at: Date | null;
  actor_kind: string | null;
  actor: string | null;
}

export interface ConsentsTable {
  workspace_id: string;
  contact_id: string;
  purpose: string;
  state: ConsentRowState;
  since: Date;
  expires_at: Date | null;
}

export interface ConsentProgrammesTable {
  workspace_id: string;
  is_sample: Generated<boolean>;
  id: string;
  name: string;
  purpose: string;
  brand: string;
  description: Generated<string>;
  archived_at: Date | null;
  revision: Generated<number>;
  created_at: Date;
  updated_at: Date;
}

export interface ConsentVersionsTable {
  workspace_id: string;
  programme_id: string;
  version: number;
  disclosure: string;
  question: string | null;
  hash: Buffer;
  actor_kind: string | null;
  actor: string | null;
  created_at: Date;
}

export interface SuppressionsTable {
  workspace_id: string;
  id: string;
  number: string | null;
  digest: Buffer | null;
  reason: string;
  note: string | null;
  actor_kind: string | null;
  actor: string | null;
  at: Date;
}

export interface SuppressionKeysTable {
  workspace_id: string;
  id: Generated<string>;
  sealed: Buffer;
}

export interface EventsTable {
  workspace_id: string;
  id: string;
  type: string;
  version: Generated<number>;
  contact_id: string;
  data: ColumnType<unknown, string | undefined, string>;
  occurred_at: Date;
  recorded_at: Date;
  cause: string | null;
}

export interface FlowsTable {
  workspace_id: string;
  id: string;
  name: string;
  description: Generated<string>;
  kind: string;
  state: FlowState;
  graph: Json<unknown>;
  revision: Generated<number>;
  source_path: string | null;
  source_problem: Generated<'gone' | 'broken' | null>;
  source_detail: Generated<string | null>;
  paused_by: Generated<Json<unknown> | null>;
  live_version_id: string | null;
  stopped_through: number | null;
  is_sample: Generated<boolean>;
  queue_weight: Generated<number>;
  archived_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

export interface FlowVersionsTable {
  workspace_id: string;
  id: string;
  flow_id: string;
  number: number;
  graph: Json<unknown>;
  compiled: Json<unknown>;
  published_at: Date;
}

export interface FlowTriggersTable {
  workspace_id: string;
  flow_id: string;
  version_id: string;
  step: number;
  kind: string;
  value: string;
  match: Generated<string>;
  sender: Generated<string>;
  hours: Generated<unknown>;
  once_a_day: Generated<boolean>;
  did_you_mean: Generated<boolean>;
}

export interface OpeningHoursTable {
  workspace_id: string;
  is_sample: Generated<boolean>;
  settings: unknown;
  revision: Generated<number>;
  updated_at: Date;
}

export interface RunsTable {
  workspace_id: string;
  id: string;
  flow_id: string;
  version_id: string;
  /** The run's kind, under the name that builds before this one read. */
  lane: string;
  state: Generated<RunState>;
  step: number;
  size: number;
  created_at: Date;
  started_at: Date | null;
  closed_at: Date | null;
}

export interface RunStepsTable {
  workspace_id: string;
  run_id: string;
  call: number;
  step: number | null;
  cohorts: number[] | null;
  result: ColumnType<unknown, string | null, string | null>;
  collected: ColumnType<unknown, string | null, string | null>;
  at: Date;
}

export interface EnrollmentsTable {
  workspace_id: string;
  id: string;
  flow_id: string;
  version_id: string;
  contact_id: string;
  run_id: string | null;
  waiting_message_id: string | null;
  event_id: string | null;
  /** The kept reply, under the name that builds before this one read. */
  held_event_id: string | null;
  due_at: Date | null;
  started_at: Date;
  hop: Generated<number>;
  cohort: Generated<number>;
  state: PositionState;
  step: number;
  due_outlet: number | null;
  arrived_outlet: number | null;
  listening: Generated<boolean>;
  waiting_event: string | null;
  held_reason: string | null;
}

export interface EnrollmentPathTable {
  workspace_id: string;
  enrollment_id: string;
  hop: number;
  step: number;
  outlet: number | null;
  event_id: string | null;
  reason: ColumnType<unknown, string | null, string | null>;
  at: Date;
}

export interface EnrollmentHistoryTable {
  workspace_id: string;
  id: string;
  flow_id: string;
  version_id: string;
  contact_id: string;
  outcome: Outcome;
  step: number;
  hop: number;
  reason: ColumnType<unknown, string | null, string | null>;
  started_at: Date;
  finished_at: Date;
}

export interface EnrollmentBatchesTable {
  workspace_id: string;
  id: string;
  flow_id: string;
  state: BatchState;
  condition: ColumnType<unknown, string | null, string | null>;
  list_id: string | null;
  segment_id: string | null;
  contact_ids: string[] | null;
  cursor: string | null;
  highest: string | null;
  enrolled: Generated<number>;
  already_in_flow: Generated<number>;
  not_found: Generated<number>;
  runs: Generated<number>;
  created_at: Date;
}

export interface FlowCountDeltasTable {
  workspace_id: string;
  id: Counted;
  flow_id: string;
  step_id: string;
  metric: string;
  n: number;
  at: Generated<Date>;
}

export interface FlowCountTotalsTable {
  workspace_id: string;
  flow_id: string;
  step_id: string;
  metric: string;
  n: Big;
  dated: Generated<Big>;
}

export interface FlowCountDaysTable {
  workspace_id: string;
  flow_id: string;
  day: string;
  step_id: string;
  metric: string;
  n: Big;
}

export interface AccountsTable {
  workspace_id: string;
  id: string;
  provider: string;
  name: string;
  external_id: string;
  options: Generated<Record<string, string>>;
  base_url: string;
  secret: Buffer;
  opt_out_handling: string;
  brand: string;
  webhook_key: string | null;
  webhook_login: Buffer | null;
  webhook_networks: Generated<string[]>;
  previous_secret: Buffer | null;
  previous_until: Date | null;
  polled_until: Date | null;
  poll_lease_until: Date | null;
  per_second: number | null;
  warn_below: ColumnType<string | null, string | null | undefined, string | null>;
  balance_due_at: Date | null;
  balance: ColumnType<string | null, undefined, string | null>;
  balance_currency: ColumnType<string | null, undefined, string | null>;
  balance_read_at: ColumnType<Date | null, undefined, Date>;
  health: Generated<'up' | 'down'>;
  health_since: Date | null;
  health_reason: string | null;
  shard: Generated<number>;
  is_sample: Generated<boolean>;
  created_at: Date;
}

export interface TextPartsTable {
  workspace_id: string;
  account_id: string;
  provider_id: string;
  number: string;
  sender: string;
  reference: string;
  part: number;
  parts: number;
  body: string;
  media: ColumnType<unknown, string | null, string | null>;
  received_at: Date;
  joined_at: Date | null;
}

export interface SendersTable {
  workspace_id: string;
  id: string;
  account_id: string;
  address: string;
  kind: string;
  per_second: number | null;
  registration: Generated<RegistrationState>;
  registration_reference: string | null;
  registration_expires_on: string | null;
  registration_brand: string | null;
  brand_daily_segments: number | null;
  created_at: Date;
}

export interface PricesTable {
  workspace_id: string;
  is_sample: Generated<boolean>;
  id: string;
  provider: string;
  prefix: string;
  micro_units: Big;
  currency: string;
  updated_at: Date;
}

export interface BrandSegmentsTable {
  workspace_id: string;
  brand: string;
  at: Date;
  id: Generated<string>;
  segments: number;
}

export interface SpendDeltasTable {
  workspace_id: string;
  id: Counted;
  account_id: string;
  flow_id: string | null;
  country: string | null;
  messages: number;
  micro_units: Big;
  corrected: ColumnType<string, number | undefined, never>;
  priced: Generated<number>;
  at: Date;
}

export interface SpendHoursTable {
  workspace_id: string;
  hour: Date;
  account_id: string;
  flow_id: string;
  country: string;
  messages: Big;
  micro_units: Big;
  corrected: ColumnType<string, number | undefined, never>;
  priced: ColumnType<string, number | undefined, never>;
}

export interface SenderRoutesTable {
  workspace_id: string;
  id: string;
  position: number;
  name: string;
  countries: Generated<string[]>;
  purposes: Generated<string[]>;
  mode: 'order' | 'weight';
}

export interface SenderRouteMembersTable {
  workspace_id: string;
  route_id: string;
  sender_id: string;
  position: number;
  weight: Generated<number>;
}

export interface GateRulesTable {
  workspace_id: string;
  rule: string;
  settings: Json<unknown>;
  from_upgrade: Generated<boolean>;
  updated_at: Date;
}

export interface MessagesTable {
  workspace_id: string;
  id: string;
  media: ColumnType<unknown, string | null, string | null>;
  contact_id: string;
  account_id: string;
  flow_id: string | null;
  enrollment_id: string | null;
  hop: number | null;
  direction: string;
  state: MessageState;
  sender: string;
  number: string;
  body: string | null;
  segments: number;
  encoding: string;
  purpose: string | null;
  reason: ColumnType<unknown, string | null, string | null>;
  provider_id: string | null;
  handled_by: string | null;
  consumed_by: string | null;
  possible_duplicate: Generated<boolean>;
  route_id: string | null;
  template_version_id: string | null;
  template_language: string | null;
  template_gaps: boolean | null;
  created_at: Date;
  accepted_at: Date | null;
  delivered_at: Date | null;
}

export interface MessageQueueTable {
  workspace_id: string;
  message_id: string;
  seq: Counted;
  account_id: string;
  flow_id: string | null;
  attempt_id: string | null;
  not_before: Date;
  expires_at: Date;
  valid_seconds: Generated<number>;
  lease_until: Date | null;
  epoch: ColumnType<string | null, string | number | null, string | number | null>;
  attempts: Generated<number>;
  lane: number;
  state: Generated<QueueState>;
  compliance: Generated<boolean>;
  number: string;
  sender: Generated<string>;
  /** The flow, zeros where there is none: for the index of what is ready. */
  flow_key: GeneratedAlways<string>;
}

export interface QueueHoldsTable {
  workspace_id: string;
  id: string;
  mode: HoldMode;
  account_id: string | null;
  sender: string | null;
  flow_id: string | null;
  lane: number | null;
  above: Generated<Big>;
  since: Date;
  upto: ColumnType<string | null, string | null, string | null>;
  waiting: HeldWaiting | null;
  code: string | null;
  before_id: string | null;
  starts_at: Date | null;
  matched: number | null;
  canceled: Generated<number>;
  finished_at: Date | null;
}

export interface QueueRetriesTable {
  workspace_id: string;
  id: string;
  account_id: string | null;
  sender: string | null;
  flow_id: string | null;
  lane: number | null;
  since: Date;
  upto: Big;
  waiting: Generated<HeldWaiting>;
  code: string | null;
  before_id: string | null;
  starts_at: Date;
  matched: number;
  retried: Generated<number>;
  finished_at: Date | null;
}

export interface QueueDeltasTable {
  workspace_id: string;
  id: Counted;
  account_id: string;
  lane: number;
  flow_key: string;
  came: number;
  went: number;
  at: Generated<Date>;
}

export interface QueueDepthsTable {
  workspace_id: string;
  account_id: string;
  lane: number;
  flow_key: string;
  n: Big;
}

export interface QueueMinutesTable {
  workspace_id: string;
  minute: Date;
  account_id: string;
  lane: number;
  flow_key: string;
  came: Big;
  went: Big;
}

export interface MessageAttemptsTable {
  workspace_id: string;
  id: string;
  message_id: string;
  account_id: string;
  provider_id: string | null;
  state: AttemptState;
  error_class: string | null;
  error_code: string | null;
  epoch: Big;
  started_at: Date;
  estimate: Big | null;
  cost: Big | null;
  cost_currency: string | null;
  reckoned: Big | null;
  cost_due_at: Date | null;
  settled_at: Date | null;
}

export interface MessageReceiptsTable {
  workspace_id: string;
  id: string;
  account_id: string;
  attempt_id: string | null;
  message_id: string | null;
  provider_id: string;
  status: string;
  error_code: string | null;
  failure: string | null;
  opted_out: Generated<boolean>;
  cost: Big | null;
  cost_currency: string | null;
  received_at: Date;
}

export interface UnmatchedWebhooksTable {
  workspace_id: string;
  id: string;
  account_id: string;
  kind: string;
  body: string;
  received_at: Date;
}

export interface SettlementsTable {
  workspace_id: string;
  message_id: string;
  enrollment_id: string;
  sent: boolean;
  reason: ColumnType<unknown, string | null, string | null>;
  at: Date;
}

export interface ReleasedTextsTable {
  workspace_id: string;
  message_id: string;
  at: Date;
}

export interface FeedTable {
  workspace_id: string;
  id: Counted;
  xid: Generated<string>;
  flow_ids: Generated<string[]>;
  contact_ids: Generated<string[]>;
  topic: string | null;
  ids: Generated<string[]>;
  counts: Generated<boolean>;
  everything: Generated<boolean>;
  at: Date;
}

export interface DispatchShardsTable {
  shard: number;
  epoch: ColumnType<string, number | undefined, number | string>;
  taken_at: Date | null;
}

export interface InstallationTable {
  only_one: Generated<boolean>;
  id: string;
  prefix: string;
}

export interface AuditTrailTable {
  workspace_id: string;
  id: string;
  at: Date;
  actor_kind: string;
  actor: string;
  resource: string;
  verb: string;
  action: string;
  subject: string | null;
  fields: string[];
  detail: Json<Record<string, string | number | boolean>>;
  request_id: string;
}

export interface NoticesTable {
  workspace_id: string;
  id: string;
  kind: string;
  subject: string;
  severity: string;
  detail: Json<unknown>;
  raised_at: Date;
  resolved_at: Date | null;
  read_at: Date | null;
  mail_at: Date | null;
  mail_attempts: Generated<number>;
  mailed_at: Date | null;
}

export interface WebhookEndpointsTable {
  workspace_id: string;
  is_sample: Generated<boolean>;
  id: string;
  url: string;
  description: Generated<string>;
  types: string[];
  secret: Buffer;
  previous_secret: Buffer | null;
  previous_until: Date | null;
  enabled: Generated<boolean>;
  disabled_reason: WebhookDisabledReason | null;
  disabled_at: Date | null;
  failing_since: Date | null;
  revision: Generated<number>;
  created_at: Date;
}

export interface WebhookOutboxTable {
  workspace_id: string;
  id: Counted;
  type: string;
  subject_id: string;
  occurred_at: Date;
  recorded_at: Generated<Date>;
}

export interface WebhookEventsTable {
  workspace_id: string;
  id: string;
  type: string;
  contact_id: string | null;
  body: string | null;
  occurred_at: Date;
  created_at: Date;
}

export interface WebhookDeliveriesTable {
  workspace_id: string;
  id: string;
  endpoint_id: string;
  event_id: string;
  type: string;
  state: DeliveryState;
  next_at: Date;
  tries: Generated<number>;
  requests: Generated<number>;
  failing_since: Date | null;
  created_at: Date;
  settled_at: Date | null;
}

export interface WebhookAttemptsTable {
  workspace_id: string;
  delivery_id: string;
  request: number;
  at: Date;
  duration_ms: number;
  status: number | null;
  error: string | null;
  response: Generated<string>;
}

export interface LinksTable {
  workspace_id: string;
  code: string;
  message_id: string;
  contact_id: string;
  flow_id: string | null;
  host: string | null;
  target: string;
  created_at: Date;
  expires_at: Date;
  clicks: Generated<number>;
  first_clicked_at: Date | null;
  last_clicked_at: Date | null;
}

export interface MediaTable {
  workspace_id: string;
  id: string;
  direction: 'in' | 'out';
  state: MediaState;
  reason: ColumnType<unknown, string | null, string | null>;
  content_type: string;
  bytes: number | null;
  sha256: Buffer | null;
  width: number | null;
  height: number | null;
  storage_key: string;
  source: Buffer | null;
  message_id: string | null;
  account_id: string | null;
  attempts: Generated<number>;
  next_at: Date;
  created_at: Date;
}

export interface MediaRemovalsTable {
  workspace_id: string;
  storage_key: string;
  due_at: Date | null;
}

export interface LinkClicksTable {
  workspace_id: string;
  id: string;
  code: string;
  at: Date;
  device: LinkDevice;
  automatic: boolean;
}

export interface Database {
  workspaces: WorkspacesTable;
  access_tokens: AccessTokensTable;
  idempotency_keys: IdempotencyKeysTable;
  contacts: ContactsTable;
  numbers: NumbersTable;
  consent_ledger: ConsentLedgerTable;
  consents: ConsentsTable;
  contact_fields: ContactFieldsTable;
  campaigns: CampaignsTable;
  campaign_occurrences: CampaignOccurrencesTable;
  campaign_people: CampaignPeopleTable;
  message_templates: MessageTemplatesTable;
  message_template_versions: MessageTemplateVersionsTable;
  contact_lists: ContactListsTable;
  contact_list_members: ContactListMembersTable;
  deleted_contacts: DeletedContactsTable;
  segments: SegmentsTable;
  segment_members: SegmentMembersTable;
  segment_dues: SegmentDuesTable;
  segment_dirty: SegmentDirtyTable;
  segment_changes: SegmentChangesTable;
  goals: GoalsTable;
  conversions: ConversionsTable;
  sign_up_forms: SignUpFormsTable;
  sign_ups: SignUpsTable;
  tests: TestsTable;
  test_assignments: TestAssignmentsTable;
  test_looks: TestLooksTable;
  code_pools: CodePoolsTable;
  codes: CodesTable;
  code_grants: CodeGrantsTable;
  consent_programmes: ConsentProgrammesTable;
  consent_versions: ConsentVersionsTable;
  suppressions: SuppressionsTable;
  suppression_keys: SuppressionKeysTable;
  events: EventsTable;
  flows: FlowsTable;
  flow_versions: FlowVersionsTable;
  flow_triggers: FlowTriggersTable;
  opening_hours: OpeningHoursTable;
  runs: RunsTable;
  run_steps: RunStepsTable;
  enrollments: EnrollmentsTable;
  enrollment_path: EnrollmentPathTable;
  enrollment_history: EnrollmentHistoryTable;
  enrollment_batches: EnrollmentBatchesTable;
  flow_count_deltas: FlowCountDeltasTable;
  flow_count_totals: FlowCountTotalsTable;
  flow_count_days: FlowCountDaysTable;
  accounts: AccountsTable;
  text_parts: TextPartsTable;
  senders: SendersTable;
  prices: PricesTable;
  brand_segments: BrandSegmentsTable;
  spend_deltas: SpendDeltasTable;
  spend_hours: SpendHoursTable;
  sender_routes: SenderRoutesTable;
  sender_route_members: SenderRouteMembersTable;
  gate_rules: GateRulesTable;
  messages: MessagesTable;
  message_queue: MessageQueueTable;
  queue_holds: QueueHoldsTable;
  queue_retries: QueueRetriesTable;
  queue_deltas: QueueDeltasTable;
  queue_depths: QueueDepthsTable;
  queue_minutes: QueueMinutesTable;
  message_attempts: MessageAttemptsTable;
  message_receipts: MessageReceiptsTable;
  unmatched_webhooks: UnmatchedWebhooksTable;
  settlements: SettlementsTable;
  released_texts: ReleasedTextsTable;
  feed: FeedTable;
  dispatch_shards: DispatchShardsTable;
  installation: InstallationTable;
  audit_trail: AuditTrailTable;
  notices: NoticesTable;
  webhook_endpoints: WebhookEndpointsTable;
  webhook_outbox: WebhookOutboxTable;
  webhook_events: WebhookEventsTable;
  webhook_deliveries: WebhookDeliveriesTable;
  webhook_attempts: WebhookAttemptsTable;
  links: LinksTable;
  link_clicks: LinkClicksTable;
  media: MediaTable;
  media_removals: MediaRemovalsTable;
}
