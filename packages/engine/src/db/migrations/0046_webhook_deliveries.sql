-- Events as they are sent: the very text that is signed, made once for every endpoint. Kept for 30 days; erasing a person empties the
-- texts that are about them, and what is empty is not sent any more.
CREATE TABLE webhook_events (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  type text NOT NULL,
  contact_id uuid,
  body text,
  occurred_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX webhook_events_contact ON webhook_events (workspace_id, contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX webhook_events_age ON webhook_events (workspace_id, created_at);

-- An event on its way to one endpoint.
CREATE TABLE webhook_deliveries (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  endpoint_id uuid NOT NULL,
  event_id uuid NOT NULL,
  type text NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'delivered', 'failed')),
  -- When it is tried next; while a request is made, when that counts as lost.
  next_at timestamptz NOT NULL,
  -- Tries by the schedule, which a replay begins anew; and requests in all, which tells a late answer from that of a later request.
  tries smallint NOT NULL DEFAULT 0,
  requests integer NOT NULL DEFAULT 0,
  -- The first failure by the schedule.
  failing_since timestamptz,
  created_at timestamptz NOT NULL,
  settled_at timestamptz,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, endpoint_id) REFERENCES webhook_endpoints (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, event_id) REFERENCES webhook_events (workspace_id, id) ON DELETE CASCADE
) WITH (fillfactor = 80);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (workspace_id, endpoint_id, next_at) WHERE state = 'waiting';
CREATE INDEX webhook_deliveries_listed ON webhook_deliveries (workspace_id, endpoint_id, id);
CREATE INDEX webhook_deliveries_event ON webhook_deliveries (workspace_id, event_id);

-- What each request came to.
CREATE TABLE webhook_attempts (
  workspace_id uuid NOT NULL,
  delivery_id uuid NOT NULL,
  request integer NOT NULL,
  at timestamptz NOT NULL,
  duration_ms integer NOT NULL,
  -- Null where no answer came.
  status smallint,
  error text,
  -- The beginning of the answer, numbers masked.
  response text NOT NULL DEFAULT '',
  PRIMARY KEY (workspace_id, delivery_id, request),
  FOREIGN KEY (workspace_id, delivery_id) REFERENCES webhook_deliveries (workspace_id, id) ON DELETE CASCADE
);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['webhook_events', 'webhook_deliveries', 'webhook_attempts'] LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO signalbox_app', t);
  END LOOP;
END $$;
REVOKE UPDATE ON webhook_attempts FROM signalbox_app;
CREATE POLICY router ON webhook_deliveries FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, endpoint_id, state, next_at) ON webhook_deliveries TO signalbox_router;
