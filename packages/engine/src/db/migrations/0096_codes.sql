-- Codes that texts give away, each to one person: pools of them, and who has which (docs/decisions/0037).
CREATE TABLE code_pools (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  -- By which texts name it; never another one, and never given to another pool.
  key text NOT NULL,
  name text NOT NULL,
  -- Somebody is told once fewer than so many are left; null for nobody.
  low_at integer CHECK (low_at > 0),
  archived_at timestamptz,
  is_sample boolean NOT NULL DEFAULT false,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, key)
);
CREATE UNIQUE INDEX code_pools_name ON code_pools (workspace_id, lower(name)) WHERE archived_at IS NULL;

-- A code is in one pool: whoever redeems it says nothing but the code.
CREATE TABLE codes (
  workspace_id uuid NOT NULL,
  code text NOT NULL,
  pool_id uuid NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  given_at timestamptz,
  redeemed_at timestamptz,
  -- The event of its redemption.
  event_id uuid,
  PRIMARY KEY (workspace_id, code),
  FOREIGN KEY (workspace_id, pool_id) REFERENCES code_pools (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX codes_free ON codes (workspace_id, pool_id, seq) WHERE given_at IS NULL;
CREATE INDEX codes_given ON codes (workspace_id, pool_id, given_at DESC, code DESC) WHERE given_at IS NOT NULL;

-- Whose a code is: one of a pool for each person. That it is nobody else's is settled at the code's own row, which is locked and marked as given.
CREATE TABLE code_grants (
  workspace_id uuid NOT NULL,
  pool_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  code text NOT NULL,
  PRIMARY KEY (workspace_id, pool_id, contact_id),
  FOREIGN KEY (workspace_id, pool_id) REFERENCES code_pools (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX code_grants_code ON code_grants (workspace_id, code);
CREATE INDEX code_grants_contact ON code_grants (workspace_id, contact_id);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['code_pools', 'codes', 'code_grants'] LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO signalbox_app', t);
  END LOOP;
END $$;
CREATE POLICY router ON code_pools FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id) ON code_pools TO signalbox_router;
