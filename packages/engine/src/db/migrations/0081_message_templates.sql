-- Texts that several flows send, and pieces of texts that stand in several of them: `content` is what is being worked on, and nobody gets
-- it before it is a version.
CREATE TABLE message_templates (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('template', 'snippet')),
  -- Of a snippet, by which texts name it; never another one.
  key text,
  name text NOT NULL,
  content jsonb NOT NULL,
  -- The number of the newest version; null before the first.
  newest integer,
  archived_at timestamptz,
  is_sample boolean NOT NULL DEFAULT false,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  CHECK ((kind = 'snippet') = (key IS NOT NULL))
);
CREATE UNIQUE INDEX message_templates_name ON message_templates (workspace_id, kind, lower(name)) WHERE archived_at IS NULL;
CREATE UNIQUE INDEX message_templates_key ON message_templates (workspace_id, key) WHERE key IS NOT NULL;

-- What was published, which never changes: whoever holds one in memory holds it for good.
CREATE TABLE message_template_versions (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  template_id uuid NOT NULL,
  number integer NOT NULL CHECK (number > 0),
  content jsonb NOT NULL,
  note text NOT NULL,
  by_kind text NOT NULL,
  by_id text NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, template_id, number),
  FOREIGN KEY (workspace_id, template_id) REFERENCES message_templates (workspace_id, id) ON DELETE CASCADE
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['message_templates', 'message_template_versions'] LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON message_templates TO signalbox_app;
GRANT SELECT, INSERT ON message_template_versions TO signalbox_app;
