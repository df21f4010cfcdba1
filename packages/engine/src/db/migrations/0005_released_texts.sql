-- Replies that were held for a passage which no longer wants them: the row is the work, as with settlements. Whatever ends a passage
-- writes it in its own transaction; a sweep routes the text on, with the contact locked first.
CREATE TABLE released_texts (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  message_id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, message_id),
  FOREIGN KEY (workspace_id, message_id) REFERENCES messages (workspace_id, id) ON DELETE CASCADE
);
ALTER TABLE released_texts ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE released_texts ENABLE ROW LEVEL SECURITY;
ALTER TABLE released_texts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON released_texts TO signalbox_app
  USING (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid))
  WITH CHECK (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON released_texts TO signalbox_app;
CREATE POLICY router ON released_texts FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, at) ON released_texts TO signalbox_router;
