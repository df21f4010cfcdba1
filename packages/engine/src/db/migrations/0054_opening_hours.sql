-- When somebody is there to answer. A workspace without a row is always open.
CREATE TABLE opening_hours (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces,
  -- Hours of the week, public holidays that are kept, days that are closed or open besides.
  settings jsonb NOT NULL,
  revision integer NOT NULL DEFAULT 1,
  updated_at timestamptz NOT NULL
);
ALTER TABLE opening_hours ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE opening_hours ENABLE ROW LEVEL SECURITY;
ALTER TABLE opening_hours FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON opening_hours TO signalbox_app
  USING (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid))
  WITH CHECK (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON opening_hours TO signalbox_app;
