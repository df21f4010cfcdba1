-- Where a workspace wants to hear of what happens, and of which types of events (docs/decisions/0019).
CREATE TABLE webhook_endpoints (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  url text NOT NULL,
  description text NOT NULL DEFAULT '',
  types text[] NOT NULL,
  -- Sealed, as the credentials of accounts are. What was replaced goes on signing beside it until then.
  secret bytea NOT NULL,
  previous_secret bytea,
  previous_until timestamptz,
  enabled boolean NOT NULL DEFAULT true,
  disabled_reason text CHECK (disabled_reason IN ('by_hand', 'gone', 'failing')),
  disabled_at timestamptz,
  -- The first failure since the last request that was taken; null where none has failed since.
  failing_since timestamptz,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  CHECK (enabled = (disabled_reason IS NULL)),
  CHECK (enabled = (disabled_at IS NULL))
);

-- What happened that somebody wants to hear of, written by whoever made it happen, in that very transaction: a type and an id, nothing
-- of a person. A sweep takes the rows away and makes deliveries of them.
CREATE TABLE webhook_outbox (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id bigint GENERATED ALWAYS AS IDENTITY,
  type text NOT NULL,
  -- The message, entry of the consent ledger, contact, version, flow or enrollment that it is about.
  subject_id uuid NOT NULL,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, id)
);

ALTER TABLE webhook_endpoints ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE webhook_outbox ALTER COLUMN workspace_id SET (n_distinct = 1);
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['webhook_endpoints', 'webhook_outbox'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO signalbox_app', t);
    EXECUTE format('CREATE POLICY router ON %I FOR SELECT TO signalbox_router USING (true)', t);
  END LOOP;
END $$;
GRANT SELECT (workspace_id, id, enabled) ON webhook_endpoints TO signalbox_router;
GRANT SELECT (workspace_id, id) ON webhook_outbox TO signalbox_router;

-- Whoever changes a row does not know who listens: triggers write the outbox, with the rights and in the workspace of the statement they
-- belong to. What is listened to is looked up once in a transaction and kept in `app.webhooks`: `,type,type,`, or `none`.
CREATE FUNCTION webhook_tell(of_workspace uuid, of_type text, of_subject uuid, of_moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  wanted text := current_setting('app.webhooks', true);
BEGIN
  IF wanted IS NULL OR wanted = '' THEN
    SELECT coalesce(',' || string_agg(DISTINCT t, ',') || ',', 'none') INTO wanted
    FROM webhook_endpoints e CROSS JOIN unnest(e.types) AS t WHERE e.workspace_id = of_workspace AND e.enabled;
    PERFORM set_config('app.webhooks', wanted, true);
  END IF;
  IF position(',' || of_type || ',' IN wanted) > 0 THEN
    INSERT INTO webhook_outbox (workspace_id, type, subject_id, occurred_at) VALUES (of_workspace, of_type, of_subject, of_moment);
  END IF;
END $$;

CREATE FUNCTION webhook_of_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.webhooks', true) = 'none' THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    PERFORM webhook_tell(NEW.workspace_id, 'message.' || NEW.state, NEW.id, NEW.created_at);
    RETURN NULL;
  END IF;
  IF OLD.accepted_at IS NULL AND NEW.accepted_at IS NOT NULL THEN
    PERFORM webhook_tell(NEW.workspace_id, 'message.accepted', NEW.id, NEW.accepted_at);
  END IF;
  IF OLD.state <> NEW.state AND NEW.state NOT IN ('accepted', 'queued') THEN
    PERFORM webhook_tell(NEW.workspace_id, CASE NEW.state WHEN 'unknown' THEN 'message.unresolved' ELSE 'message.' || NEW.state END, NEW.id,
      CASE NEW.state WHEN 'delivered' THEN NEW.delivered_at ELSE now() END);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_added AFTER INSERT ON messages FOR EACH ROW
  WHEN (current_setting('app.webhooks', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION webhook_of_message();
CREATE TRIGGER webhooks_changed AFTER UPDATE OF state, accepted_at ON messages FOR EACH ROW
  WHEN (NEW.direction = 'out' AND current_setting('app.webhooks', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION webhook_of_message();

CREATE FUNCTION webhook_of_consent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.webhooks', true) = 'none' THEN RETURN NULL; END IF;
  PERFORM webhook_tell(NEW.workspace_id, 'consent.' || NEW.action, NEW.id, NEW.at);
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_added AFTER INSERT ON consent_ledger FOR EACH ROW
  WHEN (current_setting('app.webhooks', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION webhook_of_consent();

CREATE FUNCTION webhook_of_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.webhooks', true) = 'none' THEN RETURN NULL; END IF;
  IF TG_OP = 'INSERT' THEN
    PERFORM webhook_tell(NEW.workspace_id, 'contact.created', NEW.id, NEW.created_at);
  ELSE
    PERFORM webhook_tell(NEW.workspace_id, 'contact.updated', NEW.id, NEW.updated_at);
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_added AFTER INSERT ON contacts FOR EACH ROW
  WHEN (current_setting('app.webhooks', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION webhook_of_contact();
CREATE TRIGGER webhooks_changed AFTER UPDATE OF revision ON contacts FOR EACH ROW
  WHEN (OLD.revision <> NEW.revision AND current_setting('app.webhooks', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION webhook_of_contact();

-- A number may belong to nobody that is known: then there is nothing to tell.
CREATE FUNCTION webhook_of_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.webhooks', true) = 'none' THEN RETURN NULL; END IF;
  IF NEW.suppressed_at IS NOT NULL THEN
    PERFORM webhook_tell(NEW.workspace_id, 'contact.opted_out', c.id, NEW.suppressed_at)
    FROM contacts c WHERE c.workspace_id = NEW.workspace_id AND c.phone = NEW.number;
  ELSE
    PERFORM webhook_tell(NEW.workspace_id, 'contact.opted_in', c.id, now())
    FROM contacts c WHERE c.workspace_id = NEW.workspace_id AND c.phone = NEW.number;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_added AFTER INSERT ON numbers FOR EACH ROW
  WHEN (NEW.suppressed_at IS NOT NULL AND current_setting('app.webhooks', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION webhook_of_number();
CREATE TRIGGER webhooks_changed AFTER UPDATE OF suppressed_at ON numbers FOR EACH ROW
  WHEN ((OLD.suppressed_at IS NULL) <> (NEW.suppressed_at IS NULL) AND current_setting('app.webhooks', true) IS DISTINCT FROM 'none')
  EXECUTE FUNCTION webhook_of_number();

CREATE FUNCTION webhook_of_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM webhook_tell(NEW.workspace_id, 'flow.published', NEW.id, NEW.published_at);
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_added AFTER INSERT ON flow_versions FOR EACH ROW
  WHEN (current_setting('app.webhooks', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION webhook_of_version();

CREATE FUNCTION webhook_of_flow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM webhook_tell(NEW.workspace_id, CASE NEW.state WHEN 'live' THEN 'flow.resumed' ELSE 'flow.' || NEW.state END, NEW.id, NEW.updated_at);
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_changed AFTER UPDATE OF state ON flows FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND OLD.state <> 'draft' AND NEW.state <> 'draft' AND current_setting('app.webhooks', true) IS DISTINCT FROM 'none')
  EXECUTE FUNCTION webhook_of_flow();

CREATE FUNCTION webhook_of_enrollment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.webhooks', true) = 'none' THEN RETURN NULL; END IF;
  PERFORM webhook_tell(NEW.workspace_id, 'enrollment.started', NEW.id, NEW.started_at);
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_added AFTER INSERT ON enrollments FOR EACH ROW
  WHEN (current_setting('app.webhooks', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION webhook_of_enrollment();

CREATE FUNCTION webhook_of_ended_enrollment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.webhooks', true) = 'none' THEN RETURN NULL; END IF;
  PERFORM webhook_tell(NEW.workspace_id, 'enrollment.' || NEW.outcome, NEW.id, NEW.finished_at);
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_added AFTER INSERT ON enrollment_history FOR EACH ROW
  WHEN (current_setting('app.webhooks', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION webhook_of_ended_enrollment();
