-- What people and tokens changed through the API: one row for each change, written in the change's own transaction, and never changed
-- after. Names of fields, codes and numbers; no value that could be about a person.
CREATE TABLE audit_trail (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  actor_kind text NOT NULL CHECK (actor_kind IN ('session', 'bearer')),
  -- The beginning of the token's hash, as in the log.
  actor text NOT NULL,
  resource text NOT NULL,
  verb text NOT NULL,
  action text NOT NULL,
  -- What was changed, by its id as the API shows it; null where it is nothing that has one.
  subject text,
  fields text[] NOT NULL DEFAULT '{}',
  detail jsonb NOT NULL DEFAULT '{}',
  request_id text NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE INDEX audit_trail_subject ON audit_trail (workspace_id, subject, id) WHERE subject IS NOT NULL;
ALTER TABLE audit_trail ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE audit_trail ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_trail FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_trail TO signalbox_app
  USING (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid))
  WITH CHECK (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid));
GRANT SELECT, INSERT ON audit_trail TO signalbox_app;
