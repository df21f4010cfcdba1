-- What a segment costs, by provider and the beginning of the number: the longest one that fits holds. In millionths of the currency; only
-- those in the workspace's own are reckoned with.
CREATE TABLE prices (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  provider text NOT NULL,
  -- `+` and digits; `+` alone is everywhere.
  prefix text NOT NULL,
  micro_units bigint NOT NULL CHECK (micro_units BETWEEN 0 AND 1000000000000),
  currency text NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  UNIQUE (workspace_id, provider, prefix)
);
ALTER TABLE prices ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE prices ENABLE ROW LEVEL SECURITY;
ALTER TABLE prices FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON prices TO signalbox_app
  USING (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid))
  WITH CHECK (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid));
GRANT SELECT, INSERT, UPDATE, DELETE ON prices TO signalbox_app;

-- What a request to a provider was reckoned to cost when it was made, all segments together, in millionths of the workspace's currency,
-- and what the provider said that it did cost. Null where nobody knows.
ALTER TABLE message_attempts ADD COLUMN estimate bigint, ADD COLUMN cost bigint, ADD COLUMN cost_currency text;

-- What is spent, in deltas that are only ever added: reckoned when messages are claimed, set right once a request failed or its real
-- price is known. Rolled up by the hour.
CREATE TABLE spend_deltas (
  workspace_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  account_id uuid NOT NULL,
  flow_id uuid,
  country text,
  messages integer NOT NULL,
  micro_units bigint NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE spend_hours (
  workspace_id uuid NOT NULL,
  hour timestamptz NOT NULL,
  account_id uuid NOT NULL,
  -- The nil id and an empty country stand for none.
  flow_id uuid NOT NULL,
  country text NOT NULL,
  messages bigint NOT NULL,
  micro_units bigint NOT NULL,
  PRIMARY KEY (workspace_id, hour, account_id, flow_id, country)
) WITH (fillfactor = 70);
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['spend_deltas', 'spend_hours'] LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', name);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))',
      name
    );
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO signalbox_app', name);
  END LOOP;
END $$;
-- The sweep that rolls up finds the workspaces that have something to.
CREATE POLICY router ON spend_deltas FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id) ON spend_deltas TO signalbox_router;
