-- Pages on which people sign up for a programme, and who did (docs/decisions/0039).
CREATE TABLE sign_up_forms (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  -- What its address ends with: public, and its own for good.
  code text NOT NULL UNIQUE,
  name text NOT NULL,
  programme_id uuid NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  frequency text NOT NULL,
  terms_url text NOT NULL,
  privacy_url text NOT NULL,
  double_opt_in boolean NOT NULL,
  asks_name boolean NOT NULL,
  -- Lists and tags; what was deleted since is passed over.
  list_ids uuid[] NOT NULL,
  -- Hosts whose pages may show the form in a frame.
  hosts text[] NOT NULL,
  enabled boolean NOT NULL,
  is_sample boolean NOT NULL DEFAULT false,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, programme_id) REFERENCES consent_programmes (workspace_id, id)
);

-- Who signed up by a form, once each. What they saw and said stands in the consent ledger.
CREATE TABLE sign_ups (
  workspace_id uuid NOT NULL,
  form_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, form_id, contact_id),
  FOREIGN KEY (workspace_id, form_id) REFERENCES sign_up_forms (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX sign_ups_time ON sign_ups (workspace_id, form_id, at);
CREATE INDEX sign_ups_contact ON sign_ups (workspace_id, contact_id);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['sign_up_forms', 'sign_ups'] LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_up_forms TO signalbox_app;
GRANT SELECT, INSERT, DELETE ON sign_ups TO signalbox_app;
CREATE POLICY router ON sign_up_forms FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, code) ON sign_up_forms TO signalbox_router;
