-- People who were deleted: for a while what was known of them stands here, and can go back; then it is erased (docs/decisions/0031). In
-- contacts stays a row that tells nothing, for whatever names it: its phone is no number of anybody's.
ALTER TABLE contacts ADD COLUMN deleted_at timestamptz;

CREATE TABLE deleted_contacts (
  workspace_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  -- All who went together, so that they can come back together.
  deletion_id uuid NOT NULL,
  phone text NOT NULL,
  -- The columns that people write, attributes and marks, by their names.
  profile jsonb NOT NULL,
  list_ids uuid[] NOT NULL,
  -- Who deleted them, as the audit trail names them.
  actor_kind text NOT NULL,
  actor text NOT NULL,
  deleted_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, contact_id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX deleted_contacts_by_time ON deleted_contacts (workspace_id, deleted_at DESC, contact_id DESC);
CREATE INDEX deleted_contacts_deletion ON deleted_contacts (workspace_id, deletion_id);
CREATE INDEX deleted_contacts_due ON deleted_contacts (deleted_at) INCLUDE (workspace_id);

ALTER TABLE deleted_contacts ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE deleted_contacts ENABLE ROW LEVEL SECURITY;
ALTER TABLE deleted_contacts FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON deleted_contacts TO signalbox_app
  USING (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid))
  WITH CHECK (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON deleted_contacts TO signalbox_app;
CREATE POLICY router ON deleted_contacts FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, deleted_at) ON deleted_contacts TO signalbox_router;

-- Ledgers are not changed. What is personal in them can be emptied, and nothing else can be written there.
CREATE FUNCTION only_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  field text;
  written jsonb := to_jsonb(NEW);
BEGIN
  FOREACH field IN ARRAY TG_ARGV LOOP
    IF written -> field IS DISTINCT FROM to_jsonb(OLD) -> field
      AND written -> field NOT IN ('null'::jsonb, '{}'::jsonb)
      AND (written -> field) IS DISTINCT FROM jsonb_build_object('code', to_jsonb(OLD) -> field -> 'code') THEN
      RAISE EXCEPTION '% of % can be emptied, and not written', field, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
  END LOOP;
  RETURN NEW;
END $$;
GRANT UPDATE (wording, source, source_url, ip, user_agent) ON consent_ledger TO signalbox_app;
CREATE TRIGGER only_emptied BEFORE UPDATE ON consent_ledger FOR EACH ROW
  EXECUTE FUNCTION only_emptied('wording', 'source', 'source_url', 'ip', 'user_agent');
GRANT UPDATE (reason) ON enrollment_path TO signalbox_app;
CREATE TRIGGER only_emptied BEFORE UPDATE ON enrollment_path FOR EACH ROW EXECUTE FUNCTION only_emptied('reason');
GRANT UPDATE (data) ON events TO signalbox_app;
CREATE TRIGGER only_emptied BEFORE UPDATE ON events FOR EACH ROW EXECUTE FUNCTION only_emptied('data');

CREATE FUNCTION webhook_of_deletion() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.webhooks', true) = 'none' THEN RETURN NULL; END IF;
  PERFORM webhook_tell(NEW.workspace_id, CASE WHEN NEW.deleted_at IS NULL THEN 'contact.restored' ELSE 'contact.deleted' END, NEW.id,
    NEW.updated_at);
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_deleted AFTER UPDATE OF deleted_at ON contacts FOR EACH ROW
  WHEN ((OLD.deleted_at IS NULL) <> (NEW.deleted_at IS NULL) AND current_setting('app.webhooks', true) IS DISTINCT FROM 'none')
  EXECUTE FUNCTION webhook_of_deletion();
