-- Messages that wait for another try, to be tried at once: those of what is named (any, where null), that a provider refused in this way, that came
-- into the queue up to `upto` and are older than this id. Until `starts_at` it can be undone.
CREATE TABLE queue_retries (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  account_id uuid,
  sender text,
  flow_id uuid,
  -- As in message_queue.
  lane smallint,
  since timestamptz NOT NULL,
  upto bigint NOT NULL,
  waiting text NOT NULL DEFAULT 'retrying' CHECK (waiting = 'retrying'),
  code text,
  before_id uuid,
  starts_at timestamptz NOT NULL,
  matched integer NOT NULL,
  retried integer NOT NULL DEFAULT 0,
  finished_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  CHECK (num_nonnulls(account_id, sender, flow_id, lane) > 0),
  FOREIGN KEY (workspace_id, account_id) REFERENCES accounts (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, sender) REFERENCES senders (workspace_id, address) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, flow_id) REFERENCES flows (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX queue_retries_finished ON queue_retries (workspace_id, finished_at) WHERE finished_at IS NOT NULL;
ALTER TABLE queue_retries ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE queue_retries ENABLE ROW LEVEL SECURITY;
ALTER TABLE queue_retries FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON queue_retries TO signalbox_app
  USING (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid))
  WITH CHECK (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON queue_retries TO signalbox_app;

-- Which workspaces have something to try again now.
CREATE POLICY router ON queue_retries FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, starts_at, finished_at) ON queue_retries TO signalbox_router;
