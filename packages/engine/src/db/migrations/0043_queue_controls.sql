-- A message in the queue names its sender, so that what waits for one sender can be held, and counted against its rate, without reading
-- the messages. Empty where a build before this one queued it.
ALTER TABLE message_queue ADD COLUMN sender text NOT NULL DEFAULT '';
UPDATE message_queue q SET sender = m.sender FROM messages m WHERE m.workspace_id = q.workspace_id AND m.id = q.message_id;

-- What is ready stands by account, lane, sender and flow, in the order in which it came due: whoever claims goes from one of these
-- backlogs to the next without passing what waits in them, and never meets what is put off. A column of its own holds the flow, since
-- row-level security keeps an index from being searched by an expression.
ALTER TABLE message_queue ADD COLUMN flow_key uuid NOT NULL GENERATED ALWAYS AS (coalesce(flow_id, '00000000-0000-0000-0000-000000000000'::uuid)) STORED;
DROP INDEX message_queue_ready;
CREATE INDEX message_queue_ready ON message_queue (account_id, lane, sender, flow_key, not_before, seq) WHERE state = 1;

-- What somebody holds back. Each names an account, a sender, a flow or a lane, or several of them: then it holds what fits them all.
CREATE TABLE queue_holds (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  -- pause: nothing is claimed. drain: what was queued before goes out, nothing after it. cancel: held until it is taken out of the queue.
  mode text NOT NULL CHECK (mode IN ('pause', 'drain', 'cancel')),
  account_id uuid,
  sender text,
  flow_id uuid,
  -- As in message_queue.
  lane smallint,
  -- Holds what came into the queue after this; 0 holds everything. A drain that has nothing left before it holds everything, too.
  above bigint NOT NULL DEFAULT 0,
  since timestamptz NOT NULL,
  -- Of a cancel: it takes what came into the queue up to `upto`, waits in this way (any, where null) and is older than this id (any age).
  upto bigint,
  waiting text CHECK (waiting IN ('due', 'put_off', 'retrying')),
  before_id uuid,
  -- Until then it can be undone.
  starts_at timestamptz,
  matched integer,
  canceled integer NOT NULL DEFAULT 0,
  finished_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  CHECK (num_nonnulls(account_id, sender, flow_id, lane) > 0),
  CHECK ((mode = 'cancel') = (upto IS NOT NULL) AND (mode = 'cancel') = (starts_at IS NOT NULL)),
  FOREIGN KEY (workspace_id, account_id) REFERENCES accounts (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, sender) REFERENCES senders (workspace_id, address) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, flow_id) REFERENCES flows (workspace_id, id) ON DELETE CASCADE
);
-- A thing is paused or drained once.
CREATE UNIQUE INDEX queue_holds_subject ON queue_holds (workspace_id, account_id, sender, flow_id, lane) NULLS NOT DISTINCT WHERE mode <> 'cancel';
CREATE INDEX queue_holds_finished ON queue_holds (workspace_id, finished_at) WHERE finished_at IS NOT NULL;
ALTER TABLE queue_holds ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE queue_holds ENABLE ROW LEVEL SECURITY;
ALTER TABLE queue_holds FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_holds TO signalbox_app
  USING (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid))
  WITH CHECK (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON queue_holds TO signalbox_app;

-- Whoever decides whose turn it is sees which backlogs there are, and which are held.
CREATE POLICY router ON queue_holds FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, mode, account_id, sender, flow_id, lane, above, starts_at, finished_at) ON queue_holds TO signalbox_router;
GRANT SELECT (flow_id, flow_key, sender) ON message_queue TO signalbox_router;
CREATE POLICY router ON flows FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, id, state) ON flows TO signalbox_router;
-- How far the queue has been filled: where a drain or a cancel that begins now ends.
GRANT SELECT ON SEQUENCE message_queue_seq_seq TO signalbox_app;
