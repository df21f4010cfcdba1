-- Why numbers may not be texted, one row for each reason; the row of `numbers` shows one of them, and the gate reads that alone.
-- The digest is a keyed HMAC of the number and stays when the person is erased: `number` is emptied then.
CREATE TABLE suppressions (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  -- In the one form in which a phone is stored. Null once its owner was erased.
  number text,
  -- Null in rows of before there were digests, until a sweep has made them.
  digest bytea,
  reason text NOT NULL,
  note text,
  -- Who blocked or imported it, as the audit trail names them.
  actor_kind text,
  actor text,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, number, reason)
);
CREATE INDEX suppressions_digest ON suppressions (workspace_id, digest);
CREATE INDEX suppressions_by_time ON suppressions (workspace_id, at DESC, id DESC);
CREATE INDEX suppressions_without_digest ON suppressions (workspace_id) WHERE digest IS NULL;
ALTER TABLE numbers NO FORCE ROW LEVEL SECURITY;
INSERT INTO suppressions (workspace_id, id, number, reason, at)
SELECT workspace_id, md5(workspace_id::text || number)::uuid, number, coalesce(suppressed_reason, 'unknown'), suppressed_at FROM numbers WHERE suppressed_at IS NOT NULL;
ALTER TABLE numbers FORCE ROW LEVEL SECURITY;

-- What a workspace's digests are made with, sealed as credentials are.
CREATE TABLE suppression_keys (
  workspace_id uuid PRIMARY KEY REFERENCES workspaces,
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  sealed bytea NOT NULL
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['suppressions', 'suppression_keys']
  LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON suppressions TO signalbox_app;
GRANT SELECT, INSERT, UPDATE ON suppression_keys TO signalbox_app;
CREATE POLICY router ON suppressions FOR SELECT TO signalbox_router USING (digest IS NULL);
GRANT SELECT (workspace_id) ON suppressions TO signalbox_router;
