-- Whom the workspace's notices are mailed to.
ALTER TABLE workspaces ADD COLUMN notice_emails text[] NOT NULL DEFAULT '{}';

-- What somebody should know of and put right: one row for each incident, from the moment that it is noticed to its end. What is read of it
-- is made from its kind and the values kept here; nothing of a person.
CREATE TABLE notices (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  kind text NOT NULL,
  -- What it is about, by its id as the API shows it.
  subject text NOT NULL,
  severity text NOT NULL,
  detail jsonb NOT NULL,
  raised_at timestamptz NOT NULL,
  resolved_at timestamptz,
  read_at timestamptz,
  -- When it is mailed next; null once it was, or will not be any more.
  mail_at timestamptz,
  mail_attempts smallint NOT NULL DEFAULT 0,
  mailed_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);
-- An incident is noticed once: however often it is raised while it is open.
CREATE UNIQUE INDEX notices_open ON notices (workspace_id, kind, subject) WHERE resolved_at IS NULL;
CREATE INDEX notices_unread ON notices (workspace_id) WHERE read_at IS NULL;
CREATE INDEX notices_to_mail ON notices (mail_at) WHERE mail_at IS NOT NULL;
ALTER TABLE notices ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE notices ENABLE ROW LEVEL SECURITY;
ALTER TABLE notices FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON notices TO signalbox_app
  USING (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid))
  WITH CHECK (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON notices TO signalbox_app;
CREATE POLICY router ON notices FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, mail_at) ON notices TO signalbox_router;

-- Below how much that is left of an account somebody wants to know, in millionths of whatever its provider counts in, and when it is looked
-- at next; null where nobody wants to.
ALTER TABLE accounts ADD COLUMN warn_below bigint, ADD COLUMN balance_due_at timestamptz;
CREATE INDEX accounts_balance_due ON accounts (balance_due_at) WHERE balance_due_at IS NOT NULL;
GRANT SELECT (balance_due_at) ON accounts TO signalbox_router;
