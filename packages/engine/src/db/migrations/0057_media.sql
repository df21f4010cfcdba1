-- Files of messages: pictures that came with a text, fetched from where the provider keeps them, and those that were uploaded to be sent.
-- The file itself is in the store for files, under `storage_key`.
CREATE TABLE media (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  direction text NOT NULL CHECK (direction IN ('in', 'out')),
  -- waiting: to be fetched. stored: it is there. refused: it was fetched and must not be kept. lost: it could not be fetched.
  state text NOT NULL CHECK (state IN ('waiting', 'stored', 'refused', 'lost')),
  -- Why it is refused or lost, or could not be fetched so far.
  reason jsonb,
  -- Of what is stored, by its own bytes; before that, what the provider says.
  content_type text NOT NULL,
  bytes integer,
  sha256 bytea,
  width integer,
  height integer,
  storage_key text NOT NULL,
  -- Inbound: where the provider keeps it, sealed as credentials are: whoever has the address may have the file. Gone once it is stored.
  source bytea,
  -- Inbound: the message that it came with, and the account that the message came to.
  message_id uuid,
  account_id uuid,
  attempts smallint NOT NULL DEFAULT 0,
  -- When it is fetched next, if it is still waiting then.
  next_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, storage_key)
);
CREATE INDEX media_due ON media (next_at) INCLUDE (workspace_id) WHERE state = 'waiting';
CREATE INDEX media_message ON media (workspace_id, message_id) WHERE message_id IS NOT NULL;

-- Files that belong to nothing any more, or not yet: they are taken out of the store once it is time.
CREATE TABLE media_removals (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  storage_key text NOT NULL,
  -- Null until a sweep has seen it.
  due_at timestamptz,
  PRIMARY KEY (workspace_id, storage_key)
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['media', 'media_removals'] LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO signalbox_app', t);
  END LOOP;
END $$;

-- Sweeps find the workspaces in which something is to be fetched or taken away.
CREATE POLICY router ON media FOR SELECT TO signalbox_router USING (state = 'waiting');
GRANT SELECT (workspace_id, state, next_at) ON media TO signalbox_router;
CREATE POLICY router ON media_removals FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, due_at) ON media_removals TO signalbox_router;

-- A file goes with its row, and what came with a text goes with the text: whoever erases or deletes a message need not think of it.
CREATE FUNCTION media_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO media_removals (workspace_id, storage_key) VALUES (OLD.workspace_id, OLD.storage_key) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER media_removed AFTER DELETE ON media FOR EACH ROW EXECUTE FUNCTION media_removed();

CREATE FUNCTION media_of_message_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM media WHERE workspace_id = OLD.workspace_id AND message_id = OLD.id;
  RETURN NULL;
END $$;
CREATE TRIGGER media_of_deleted AFTER DELETE ON messages FOR EACH ROW
  WHEN (OLD.media IS NOT NULL) EXECUTE FUNCTION media_of_message_gone();
CREATE TRIGGER media_of_erased AFTER UPDATE OF body, media ON messages FOR EACH ROW
  WHEN (OLD.media IS NOT NULL AND (NEW.media IS NULL OR NEW.body IS NULL)) EXECUTE FUNCTION media_of_message_gone();
