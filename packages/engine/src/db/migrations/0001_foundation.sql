-- The first schema. Every tenant table leads its key with workspace_id and has FORCE row-level security;
-- policies and grants are applied at the end, over the catalogue, so that no table can be forgotten.

CREATE TABLE workspaces (
  workspace_id uuid PRIMARY KEY,
  name text NOT NULL,
  time_zone text NOT NULL DEFAULT 'UTC',
  created_at timestamptz NOT NULL
);

CREATE TABLE access_tokens (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  token_hash bytea NOT NULL,
  kind text NOT NULL CHECK (kind IN ('sign_in', 'session', 'bearer')),
  scope text NOT NULL CHECK (scope IN ('read', 'full')),
  label text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, token_hash)
);
CREATE UNIQUE INDEX access_tokens_hash ON access_tokens (token_hash);

CREATE TABLE idempotency_keys (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  key text NOT NULL,
  request_hash bytea NOT NULL,
  status smallint,
  headers jsonb,
  body text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, key)
);

-- People

CREATE TABLE contacts (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  phone text NOT NULL,
  first_name text,
  last_name text,
  email text,
  time_zone text,
  attributes jsonb NOT NULL DEFAULT '{}',
  engagement_score double precision,
  unhandled boolean NOT NULL DEFAULT false,
  last_message_at timestamptz,
  is_sample boolean NOT NULL DEFAULT false,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, phone)
) WITH (fillfactor = 80);
CREATE INDEX contacts_conversation ON contacts (workspace_id, last_message_at DESC, id) WHERE last_message_at IS NOT NULL;

-- One row per number exists before a message to it is queued (protocol 22).
CREATE TABLE numbers (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  number text NOT NULL,
  suppressed_at timestamptz,
  suppressed_reason text,
  PRIMARY KEY (workspace_id, number)
) WITH (fillfactor = 80);

CREATE TABLE consent_ledger (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  purpose text NOT NULL,
  action text NOT NULL CHECK (action IN ('granted', 'revoked')),
  method text NOT NULL,
  wording text,
  source_message_id uuid,
  flow_id uuid,
  enrollment_id uuid,
  hop integer,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX consent_ledger_contact ON consent_ledger (workspace_id, contact_id, id);
CREATE UNIQUE INDEX consent_ledger_effect ON consent_ledger (workspace_id, enrollment_id, hop, purpose) WHERE enrollment_id IS NOT NULL;

CREATE TABLE consents (
  workspace_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  purpose text NOT NULL,
  state text NOT NULL CHECK (state IN ('granted', 'revoked')),
  since timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, contact_id, purpose),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);

CREATE TABLE events (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  type text NOT NULL,
  version smallint NOT NULL DEFAULT 1,
  contact_id uuid NOT NULL,
  data jsonb NOT NULL DEFAULT '{}',
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL,
  cause text,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX events_contact ON events (workspace_id, contact_id, occurred_at);

-- Flows

CREATE TABLE flows (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  name text NOT NULL,
  description text NOT NULL DEFAULT '',
  kind text NOT NULL CHECK (kind IN ('drawn', 'code', 'workflow')),
  state text NOT NULL CHECK (state IN ('draft', 'live', 'paused', 'stopped')),
  graph jsonb NOT NULL,
  revision integer NOT NULL DEFAULT 1,
  source_path text,
  live_version_id uuid,
  is_sample boolean NOT NULL DEFAULT false,
  archived_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX flows_source ON flows (workspace_id, source_path) WHERE source_path IS NOT NULL;

CREATE TABLE flow_versions (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  flow_id uuid NOT NULL,
  number integer NOT NULL,
  graph jsonb NOT NULL,
  compiled jsonb NOT NULL,
  published_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, flow_id, number),
  FOREIGN KEY (workspace_id, flow_id) REFERENCES flows (workspace_id, id) ON DELETE CASCADE
);

CREATE TABLE flow_triggers (
  workspace_id uuid NOT NULL,
  flow_id uuid NOT NULL,
  version_id uuid NOT NULL,
  step smallint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('keyword', 'api')),
  value text NOT NULL,
  match text NOT NULL DEFAULT 'first_word',
  PRIMARY KEY (workspace_id, flow_id, step, kind, value),
  FOREIGN KEY (workspace_id, flow_id) REFERENCES flows (workspace_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX flow_triggers_keyword ON flow_triggers (workspace_id, value) WHERE kind = 'keyword';
CREATE INDEX flow_triggers_api ON flow_triggers (workspace_id, value) WHERE kind = 'api';

-- Runs, positions, paths

CREATE TABLE runs (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  flow_id uuid NOT NULL,
  version_id uuid NOT NULL,
  lane text NOT NULL CHECK (lane IN ('interactive', 'bulk', 'code')),
  -- 1 unstarted, 2 running, 3 closed
  state smallint NOT NULL DEFAULT 1,
  step smallint NOT NULL,
  size integer NOT NULL,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  closed_at timestamptz,
  PRIMARY KEY (workspace_id, id)
) WITH (fillfactor = 70);
CREATE INDEX runs_unstarted ON runs (created_at) WHERE state = 1;
CREATE INDEX runs_running ON runs (started_at) WHERE state = 2;

CREATE TABLE run_steps (
  workspace_id uuid NOT NULL,
  run_id uuid NOT NULL,
  call integer NOT NULL,
  result jsonb,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, run_id, call)
) WITH (fillfactor = 70);

-- The position: narrow, few indexes; finishing deletes it and writes history in the same transaction (protocol 32).
CREATE TABLE enrollments (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  flow_id uuid NOT NULL,
  version_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  run_id uuid,
  waiting_message_id uuid,
  event_id uuid,
  held_event_id uuid,
  due_at timestamptz,
  started_at timestamptz NOT NULL,
  hop integer NOT NULL DEFAULT 0,
  cohort integer NOT NULL DEFAULT 0,
  -- 1 ready (in a run), 2 asleep (a timer of its run), 3 parked, 4 held by a pause
  state smallint NOT NULL,
  step smallint NOT NULL,
  -- Outlets by index: where it leaves when due; where it leaves when what it waits for arrives.
  due_outlet smallint,
  arrived_outlet smallint,
  listening boolean NOT NULL DEFAULT false,
  waiting_event text,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, contact_id, flow_id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX enrollments_run ON enrollments (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX enrollments_due ON enrollments (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE enrollment_path (
  workspace_id uuid NOT NULL,
  enrollment_id uuid NOT NULL,
  hop integer NOT NULL,
  step smallint NOT NULL,
  -- Index of the outlet left by; null where the passage ended or failed here.
  outlet smallint,
  event_id uuid,
  reason jsonb,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, enrollment_id, hop)
);

CREATE TABLE enrollment_history (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  flow_id uuid NOT NULL,
  version_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  outcome text NOT NULL CHECK (outcome IN ('finished', 'failed', 'stopped')),
  step smallint NOT NULL,
  hop integer NOT NULL,
  reason jsonb,
  started_at timestamptz NOT NULL,
  finished_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX enrollment_history_contact ON enrollment_history (workspace_id, contact_id, finished_at DESC);
CREATE INDEX enrollment_history_flow ON enrollment_history (workspace_id, flow_id, finished_at DESC);

CREATE TABLE enrollment_batches (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  flow_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'done', 'stopped')),
  condition jsonb,
  contact_ids uuid[],
  -- The audience goes by ascending contact id up to the highest at launch (protocol 27).
  cursor uuid,
  highest uuid,
  enrolled integer NOT NULL DEFAULT 0,
  already_in_flow integer NOT NULL DEFAULT 0,
  not_found integer NOT NULL DEFAULT 0,
  runs integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, flow_id) REFERENCES flows (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX enrollment_batches_running ON enrollment_batches (created_at) WHERE state = 'running';

-- Counts are append-only deltas, rolled up (protocol 31).
CREATE TABLE flow_count_deltas (
  workspace_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  flow_id uuid NOT NULL,
  step_id text NOT NULL,
  -- entered, left, failed, out:<outlet>
  metric text NOT NULL,
  n integer NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX flow_count_deltas_flow ON flow_count_deltas (workspace_id, flow_id);

CREATE TABLE flow_count_totals (
  workspace_id uuid NOT NULL,
  flow_id uuid NOT NULL,
  step_id text NOT NULL,
  metric text NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (workspace_id, flow_id, step_id, metric)
) WITH (fillfactor = 70);

-- Messages

CREATE TABLE accounts (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  provider text NOT NULL,
  name text NOT NULL,
  external_id text NOT NULL,
  base_url text NOT NULL,
  -- AES-256-GCM with a key outside the database; bound to workspace, table, column and row.
  secret bytea NOT NULL,
  opt_out_handling text NOT NULL CHECK (opt_out_handling IN ('carrier', 'signalbox')),
  brand text NOT NULL,
  shard smallint NOT NULL DEFAULT 0,
  is_sample boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE senders (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  address text NOT NULL,
  kind text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, address),
  FOREIGN KEY (workspace_id, account_id) REFERENCES accounts (workspace_id, id) ON DELETE CASCADE
);

CREATE TABLE messages (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  account_id uuid NOT NULL,
  flow_id uuid,
  enrollment_id uuid,
  hop integer,
  direction text NOT NULL CHECK (direction IN ('in', 'out')),
  state text NOT NULL,
  sender text NOT NULL,
  number text NOT NULL,
  body text,
  segments smallint NOT NULL,
  encoding text NOT NULL,
  purpose text,
  -- Outbound: why it was not sent. Inbound: nothing.
  reason jsonb,
  -- Inbound: the provider's id, compliance | reply | keyword | unhandled, and the enrollment that consumed it.
  provider_id text,
  handled_by text,
  consumed_by uuid,
  possible_duplicate boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL,
  accepted_at timestamptz,
  delivered_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id)
) WITH (fillfactor = 70);
CREATE INDEX messages_contact ON messages (workspace_id, contact_id, id);
CREATE UNIQUE INDEX messages_effect ON messages (workspace_id, enrollment_id, hop) WHERE enrollment_id IS NOT NULL AND direction = 'out';
CREATE UNIQUE INDEX messages_inbound ON messages (workspace_id, account_id, provider_id) WHERE direction = 'in';

CREATE TABLE message_queue (
  workspace_id uuid NOT NULL,
  message_id uuid NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  account_id uuid NOT NULL,
  flow_id uuid,
  attempt_id uuid,
  not_before timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  -- dispatching: the lease; unknown: when policy decides.
  lease_until timestamptz,
  epoch bigint,
  attempts smallint NOT NULL DEFAULT 0,
  -- 1 otp, 2 transactional, 3 reply, 4 journey, 5 campaign, 6 bulk
  lane smallint NOT NULL,
  -- 1 queued, 2 dispatching, 3 unknown
  state smallint NOT NULL DEFAULT 1,
  -- A confirmation that compliance requires: passes the suppression gate, once.
  compliance boolean NOT NULL DEFAULT false,
  number text NOT NULL,
  PRIMARY KEY (workspace_id, message_id)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02);
CREATE INDEX message_queue_ready ON message_queue (account_id, lane, seq) WHERE state = 1;
CREATE INDEX message_queue_line ON message_queue (workspace_id, number, lane, seq);
CREATE INDEX message_queue_lease ON message_queue (lease_until) WHERE state <> 1;

CREATE TABLE message_attempts (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  message_id uuid NOT NULL,
  account_id uuid NOT NULL,
  provider_id text,
  -- dispatching, accepted, refused (provably not sent), unknown, gave_up
  state text NOT NULL,
  error_class text,
  error_code text,
  epoch bigint NOT NULL,
  started_at timestamptz NOT NULL,
  settled_at timestamptz,
  PRIMARY KEY (workspace_id, id)
) WITH (fillfactor = 70);
CREATE INDEX message_attempts_message ON message_attempts (workspace_id, message_id);
CREATE INDEX message_attempts_provider ON message_attempts (workspace_id, account_id, provider_id) WHERE provider_id IS NOT NULL;

CREATE TABLE message_receipts (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  attempt_id uuid,
  message_id uuid,
  provider_id text NOT NULL,
  status text NOT NULL,
  error_code text,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX message_receipts_message ON message_receipts (workspace_id, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX message_receipts_early ON message_receipts (workspace_id, account_id, provider_id) WHERE message_id IS NULL;

-- Webhooks that were authentic and not understood: kept for a person.
CREATE TABLE unmatched_webhooks (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  account_id uuid NOT NULL,
  kind text NOT NULL,
  body text NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

-- Settled messages whose enrollment has not moved yet: the durable half of group commit (docs/decisions/0003).
CREATE TABLE settlements (
  workspace_id uuid NOT NULL,
  message_id uuid NOT NULL,
  enrollment_id uuid NOT NULL,
  sent boolean NOT NULL,
  reason jsonb,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, message_id)
);

-- What changed, for server-sent events: ids only. xid makes a cursor that no late commit can slip behind.
CREATE TABLE feed (
  workspace_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  flow_ids uuid[] NOT NULL DEFAULT '{}',
  contact_ids uuid[] NOT NULL DEFAULT '{}',
  counts boolean NOT NULL DEFAULT false,
  everything boolean NOT NULL DEFAULT false,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX feed_cursor ON feed (workspace_id, xid, id);
CREATE INDEX feed_age ON feed (at);

-- Dispatchers, fenced by epoch. No tenant data.
CREATE TABLE dispatch_shards (
  shard smallint PRIMARY KEY,
  epoch bigint NOT NULL DEFAULT 0,
  taken_at timestamptz
);
INSERT INTO dispatch_shards (shard) VALUES (0);

-- What the planner believes of tables that no autovacuum has looked at yet. Without statistics it takes one workspace for a 200th of
-- a table and reads all of it for every batch, which makes the first campaign quadratic. A hundred rows of a hundred workspaces, looked
-- at and deleted, leave behind a realistic density and "a workspace may be the whole table" (n_distinct 1), so that ids decide.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['contacts', 'numbers', 'consents', 'consent_ledger', 'events', 'runs', 'run_steps', 'enrollments', 'enrollment_path',
    'enrollment_history', 'flow_count_deltas', 'messages', 'message_queue', 'message_attempts', 'message_receipts', 'settlements', 'feed']
  LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', t);
  END LOOP;
END $$;
INSERT INTO workspaces (workspace_id, name, created_at) SELECT md5(i::text)::uuid, '', now() FROM generate_series(1, 100) i;
INSERT INTO contacts (workspace_id, id, phone, created_at, updated_at) SELECT workspace_id, workspace_id, workspace_id::text, now(), now() FROM workspaces;
INSERT INTO numbers (workspace_id, number) SELECT workspace_id, workspace_id::text FROM workspaces;
INSERT INTO consents SELECT workspace_id, workspace_id, 'marketing', 'granted', now() FROM workspaces;
INSERT INTO consent_ledger (workspace_id, id, contact_id, purpose, action, method, at) SELECT workspace_id, workspace_id, workspace_id, 'marketing', 'granted', 'flow', now() FROM workspaces;
INSERT INTO events (workspace_id, id, type, contact_id, occurred_at, recorded_at) SELECT workspace_id, workspace_id, 'message.received', workspace_id, now(), now() FROM workspaces;
INSERT INTO runs (workspace_id, id, flow_id, version_id, lane, state, step, size, created_at) SELECT workspace_id, workspace_id, workspace_id, workspace_id, 'bulk', 3, 0, 0, now() FROM workspaces;
INSERT INTO run_steps (workspace_id, run_id, call, at) SELECT workspace_id, workspace_id, 0, now() FROM workspaces;
INSERT INTO enrollments (workspace_id, id, flow_id, version_id, contact_id, started_at, state, step) SELECT workspace_id, workspace_id, workspace_id, workspace_id, workspace_id, now(), 3, 0 FROM workspaces;
INSERT INTO enrollment_path (workspace_id, enrollment_id, hop, step, at) SELECT workspace_id, workspace_id, 0, 0, now() FROM workspaces;
INSERT INTO enrollment_history (workspace_id, id, flow_id, version_id, contact_id, outcome, step, hop, started_at, finished_at) SELECT workspace_id, workspace_id, workspace_id, workspace_id, workspace_id, 'finished', 0, 0, now(), now() FROM workspaces;
INSERT INTO flow_count_deltas (workspace_id, flow_id, step_id, metric, n) SELECT workspace_id, workspace_id, 'step', 'entered', 0 FROM workspaces;
INSERT INTO messages (workspace_id, id, contact_id, account_id, direction, state, sender, number, body, segments, encoding, created_at) SELECT workspace_id, workspace_id, workspace_id, workspace_id, 'out', 'delivered', '+12025550100', workspace_id::text, repeat('x', 80), 1, 'GSM-7', now() FROM workspaces;
INSERT INTO message_queue (workspace_id, message_id, account_id, not_before, expires_at, lane, number) SELECT workspace_id, workspace_id, workspace_id, now(), now(), 4, workspace_id::text FROM workspaces;
INSERT INTO message_attempts (workspace_id, id, message_id, account_id, state, epoch, started_at) SELECT workspace_id, workspace_id, workspace_id, workspace_id, 'accepted', 0, now() FROM workspaces;
INSERT INTO message_receipts (workspace_id, id, account_id, provider_id, status, received_at) SELECT workspace_id, workspace_id, workspace_id, repeat('0', 34), 'delivered', now() FROM workspaces;
INSERT INTO settlements (workspace_id, message_id, enrollment_id, sent, at) SELECT workspace_id, workspace_id, workspace_id, true, now() FROM workspaces;
INSERT INTO feed (workspace_id, at) SELECT workspace_id, now() FROM workspaces;
DO $$
DECLARE t text; keys text;
BEGIN
  FOREACH t IN ARRAY ARRAY['feed', 'settlements', 'message_receipts', 'message_attempts', 'message_queue', 'messages', 'flow_count_deltas', 'enrollment_history',
    'enrollment_path', 'enrollments', 'run_steps', 'runs', 'events', 'consent_ledger', 'consents', 'numbers', 'contacts']
  LOOP
    SELECT string_agg(quote_ident(attname), ', ') INTO keys FROM pg_attribute
    WHERE attrelid = t::regclass AND attnum > 0 AND attname IN ('workspace_id', 'id', 'contact_id', 'message_id', 'enrollment_id', 'run_id', 'attempt_id', 'phone', 'number');
    EXECUTE format('ANALYZE %I (%s)', t, keys);
    EXECUTE format('DELETE FROM %I', t);
  END LOOP;
END $$;
DELETE FROM workspaces;

-- Row-level security: for every table that has a workspace_id, forced, for reading and writing.
DO $$
DECLARE t text;
BEGIN
  FOR t IN
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id'
    WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
  LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO signalbox_app', t);
  END LOOP;
END $$;
-- Ledgers are append-only for the application.
REVOKE UPDATE, DELETE ON consent_ledger FROM signalbox_app;
REVOKE UPDATE ON enrollment_path, message_receipts, events FROM signalbox_app;
-- A receipt that came before its message could be found is joined later; nothing else of it changes.
GRANT UPDATE (message_id) ON message_receipts TO signalbox_app;

-- The router sees across workspaces: ids, states and times on named columns, nothing about people (protocol 30).
CREATE POLICY router ON workspaces FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, created_at) ON workspaces TO signalbox_router;
CREATE POLICY router ON access_tokens FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, token_hash, kind, scope, expires_at) ON access_tokens TO signalbox_router;
CREATE POLICY router ON accounts FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, id, shard) ON accounts TO signalbox_router;
CREATE POLICY router ON runs FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, id, lane, state, created_at, started_at) ON runs TO signalbox_router;
CREATE POLICY router ON enrollments FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, id, state, due_at) ON enrollments TO signalbox_router;
CREATE POLICY router ON enrollment_batches FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, id, state, created_at) ON enrollment_batches TO signalbox_router;
CREATE POLICY router ON message_queue FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, account_id, lane, state, seq, not_before, expires_at, lease_until) ON message_queue TO signalbox_router;
CREATE POLICY router ON settlements FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, at) ON settlements TO signalbox_router;
CREATE POLICY router ON flow_count_deltas FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, id) ON flow_count_deltas TO signalbox_router;
CREATE POLICY router ON feed FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, id, xid, flow_ids, contact_ids, counts, everything, at) ON feed TO signalbox_router;
GRANT SELECT, UPDATE ON dispatch_shards TO signalbox_router;
GRANT SELECT, UPDATE (taken_at) ON dispatch_shards TO signalbox_app; -- FOR SHARE asks for a right to update
