-- What people sign up for: what it is called, whose it is and what it is for. The words that they are shown are its versions.
CREATE TABLE consent_programmes (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  name text NOT NULL,
  purpose text NOT NULL,
  brand text NOT NULL,
  description text NOT NULL DEFAULT '',
  archived_at timestamptz,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);

-- The words as they were shown: what somebody agreed to is proved by them, so that no version ever changes.
CREATE TABLE consent_versions (
  workspace_id uuid NOT NULL,
  programme_id uuid NOT NULL,
  version integer NOT NULL,
  disclosure text NOT NULL,
  -- The text that asks whoever signed up; null where nobody is asked.
  question text,
  -- SHA-256 of the words.
  hash bytea NOT NULL,
  actor_kind text,
  actor text,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, programme_id, version),
  FOREIGN KEY (workspace_id, programme_id) REFERENCES consent_programmes
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['consent_programmes', 'consent_versions']
  LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE ON consent_programmes TO signalbox_app;
GRANT SELECT, INSERT ON consent_versions TO signalbox_app;

-- What an entry of the ledger is proved by, beside the text that it came in: nothing of this is known of entries from before.
ALTER TABLE consent_ledger
  DROP CONSTRAINT consent_ledger_action_check,
  ADD CONSTRAINT consent_ledger_action_check CHECK (action IN ('granted', 'revoked', 'requested', 'confirmed', 'expired')),
  ADD COLUMN programme_id uuid,
  ADD COLUMN version integer,
  -- What it is known from: a form, a file, a shop, in the words of whoever recorded it.
  ADD COLUMN source text,
  ADD COLUMN source_url text,
  ADD COLUMN ip text,
  ADD COLUMN user_agent text,
  -- When the person said it, where it was recorded later.
  ADD COLUMN given_at timestamptz,
  -- Who recorded it, as the audit trail names them; null where the person did by text, or a flow.
  ADD COLUMN actor_kind text,
  ADD COLUMN actor text,
  ADD CONSTRAINT consent_ledger_version FOREIGN KEY (workspace_id, programme_id, version) REFERENCES consent_versions;

-- A consent that was asked for and not confirmed yet, and until when it can be.
ALTER TABLE consents
  DROP CONSTRAINT consents_state_check,
  ADD CONSTRAINT consents_state_check CHECK (state IN ('granted', 'revoked', 'pending')),
  ADD COLUMN expires_at timestamptz;
CREATE INDEX consents_pending ON consents (expires_at) WHERE state = 'pending';
CREATE POLICY router ON consents FOR SELECT TO signalbox_router USING (state = 'pending');
GRANT SELECT (workspace_id, state, expires_at) ON consents TO signalbox_router;
