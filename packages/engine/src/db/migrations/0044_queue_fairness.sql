-- Segments a second that an account, or one of its senders, may send at most; null for as many as it can.
ALTER TABLE accounts ADD COLUMN per_second integer CHECK (per_second BETWEEN 1 AND 10000);
ALTER TABLE senders ADD COLUMN per_second integer CHECK (per_second BETWEEN 1 AND 10000);

-- How many turns a flow's messages get beside those of other flows in their lane.
ALTER TABLE flows ADD COLUMN queue_weight smallint NOT NULL DEFAULT 1 CHECK (queue_weight BETWEEN 1 AND 100);

GRANT SELECT (per_second) ON accounts TO signalbox_router;
CREATE POLICY router ON senders FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, address, per_second) ON senders TO signalbox_router;
GRANT SELECT (queue_weight) ON flows TO signalbox_router;

-- What comes into the queue and leaves it, as append-only deltas that a sweep adds up: how long each backlog is, and what came and went in
-- each minute, is known without counting a million rows. Written by the table itself, so that whatever changes it is counted.
CREATE TABLE queue_deltas (
  workspace_id uuid NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  account_id uuid NOT NULL,
  lane smallint NOT NULL,
  -- As in message_queue.
  flow_key uuid NOT NULL,
  came integer NOT NULL,
  went integer NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, id)
);
CREATE TABLE queue_depths (
  workspace_id uuid NOT NULL,
  account_id uuid NOT NULL,
  lane smallint NOT NULL,
  flow_key uuid NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (workspace_id, account_id, lane, flow_key)
) WITH (fillfactor = 70);
CREATE TABLE queue_minutes (
  workspace_id uuid NOT NULL,
  minute timestamptz NOT NULL,
  account_id uuid NOT NULL,
  lane smallint NOT NULL,
  flow_key uuid NOT NULL,
  came bigint NOT NULL,
  went bigint NOT NULL,
  PRIMARY KEY (workspace_id, minute, account_id, lane, flow_key)
) WITH (fillfactor = 70);
-- Before row-level security, which holds the owner too.
INSERT INTO queue_depths (workspace_id, account_id, lane, flow_key, n)
  SELECT workspace_id, account_id, lane, flow_key, count(*) FROM message_queue GROUP BY 1, 2, 3, 4;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['queue_deltas', 'queue_depths', 'queue_minutes']
  LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO signalbox_app', t);
  END LOOP;
END $$;

CREATE FUNCTION queue_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO queue_deltas (workspace_id, account_id, lane, flow_key, came, went)
    SELECT workspace_id, account_id, lane, flow_key, count(*), 0 FROM changed GROUP BY 1, 2, 3, 4;
  RETURN NULL;
END $$;
CREATE FUNCTION queue_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO queue_deltas (workspace_id, account_id, lane, flow_key, came, went)
    SELECT workspace_id, account_id, lane, flow_key, 0, count(*) FROM changed GROUP BY 1, 2, 3, 4;
  RETURN NULL;
END $$;
CREATE TRIGGER queue_came AFTER INSERT ON message_queue REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION queue_came();
CREATE TRIGGER queue_went AFTER DELETE ON message_queue REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION queue_went();

CREATE POLICY router ON queue_deltas FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, id) ON queue_deltas TO signalbox_router;
