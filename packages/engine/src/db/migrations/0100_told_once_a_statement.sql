-- A thousand people are let in, sent to and ended by one statement each, and imported by another. A trigger for each row was queued for all of them
-- before the first could say that no webhook and no segment wants to hear: these are asked once a statement (as 0083 did for changes of messages).

-- What the workspace's webhooks want to hear, looked up once in a transaction: `,type,type,`, or `none`.
CREATE FUNCTION webhooks_wanted(of_workspace uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  wanted text := current_setting('app.webhooks', true);
BEGIN
  IF wanted IS NULL OR wanted = '' THEN
    SELECT coalesce(',' || string_agg(DISTINCT t, ',') || ',', 'none') INTO wanted
    FROM webhook_endpoints e CROSS JOIN unnest(e.types) AS t WHERE e.workspace_id = of_workspace AND e.enabled;
    PERFORM set_config('app.webhooks', wanted, true);
  END IF;
  RETURN wanted;
END $$;

CREATE FUNCTION webhook_of_added() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_workspace uuid;
BEGIN
  IF current_setting('app.webhooks', true) = 'none' THEN RETURN NULL; END IF;
  SELECT workspace_id INTO of_workspace FROM written LIMIT 1;
  IF of_workspace IS NULL OR webhooks_wanted(of_workspace) = 'none' THEN RETURN NULL; END IF;
  CASE TG_TABLE_NAME
    WHEN 'messages' THEN
      PERFORM webhook_tell(n.workspace_id, 'message.' || n.state, n.id, n.created_at) FROM (SELECT * FROM written ORDER BY id) n;
    WHEN 'enrollments' THEN
      PERFORM webhook_tell(n.workspace_id, 'enrollment.started', n.id, n.started_at) FROM (SELECT * FROM written ORDER BY id) n;
    WHEN 'enrollment_history' THEN
      PERFORM webhook_tell(n.workspace_id, 'enrollment.' || n.outcome, n.id, n.finished_at) FROM (SELECT * FROM written ORDER BY id) n;
    WHEN 'contacts' THEN
      PERFORM webhook_tell(n.workspace_id, 'contact.created', n.id, n.created_at) FROM (SELECT * FROM written ORDER BY id) n;
    WHEN 'consent_ledger' THEN
      PERFORM webhook_tell(n.workspace_id, 'consent.' || n.action, n.id, n.at) FROM (SELECT * FROM written ORDER BY id) n;
  END CASE;
  RETURN NULL;
END $$;

DROP TRIGGER webhooks_added ON messages;
CREATE TRIGGER webhooks_added AFTER INSERT ON messages REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION webhook_of_added();
DROP TRIGGER webhooks_added ON enrollments;
CREATE TRIGGER webhooks_added AFTER INSERT ON enrollments REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION webhook_of_added();
DROP TRIGGER webhooks_added ON enrollment_history;
CREATE TRIGGER webhooks_added AFTER INSERT ON enrollment_history REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION webhook_of_added();
DROP TRIGGER webhooks_added ON contacts;
CREATE TRIGGER webhooks_added AFTER INSERT ON contacts REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION webhook_of_added();
DROP TRIGGER webhooks_added ON consent_ledger;
CREATE TRIGGER webhooks_added AFTER INSERT ON consent_ledger REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION webhook_of_added();
DROP FUNCTION webhook_of_enrollment();
DROP FUNCTION webhook_of_ended_enrollment();
DROP FUNCTION webhook_of_consent();

-- The arguments are what is watched. `what` holds the rows that came or went.
CREATE FUNCTION segment_of_rows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_workspace uuid;
  watches text[];
BEGIN
  IF current_setting('app.segments', true) = 'none' THEN RETURN NULL; END IF;
  SELECT workspace_id INTO of_workspace FROM what LIMIT 1;
  IF of_workspace IS NULL THEN RETURN NULL; END IF;
  SELECT array_agg(w) INTO watches FROM unnest(TG_ARGV) AS w WHERE segment_watched(of_workspace, w);
  IF watches IS NULL THEN RETURN NULL; END IF;
  CASE TG_TABLE_NAME
    WHEN 'contacts' THEN
      INSERT INTO segment_dirty (workspace_id, contact_id, watch) SELECT c.workspace_id, c.id, w FROM what c CROSS JOIN unnest(watches) AS w;
    WHEN 'enrollment_history' THEN
      INSERT INTO segment_dirty (workspace_id, contact_id, watch)
      SELECT h.workspace_id, h.contact_id, w FROM what h CROSS JOIN unnest(watches) AS w WHERE h.outcome = 'finished';
    ELSE
      INSERT INTO segment_dirty (workspace_id, contact_id, watch) SELECT x.workspace_id, x.contact_id, w FROM what x CROSS JOIN unnest(watches) AS w;
  END CASE;
  RETURN NULL;
END $$;

CREATE FUNCTION segment_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_workspace uuid;
BEGIN
  IF current_setting('app.segments', true) = 'none' THEN RETURN NULL; END IF;
  SELECT workspace_id INTO of_workspace FROM what LIMIT 1;
  IF of_workspace IS NULL OR (NOT segment_watched(of_workspace, 'events') AND current_setting('app.segments', true) = 'none') THEN RETURN NULL; END IF;
  INSERT INTO segment_dirty (workspace_id, contact_id, watch)
  SELECT e.workspace_id, e.contact_id, w FROM what e CROSS JOIN unnest(ARRAY['events.' || e.type, 'events']) AS w WHERE segment_watched(e.workspace_id, w);
  RETURN NULL;
END $$;

DROP TRIGGER segments_added ON contacts;
CREATE TRIGGER segments_added AFTER INSERT ON contacts REFERENCING NEW TABLE AS what FOR EACH STATEMENT EXECUTE FUNCTION segment_of_rows('new');
DROP TRIGGER segments_added ON consents;
CREATE TRIGGER segments_added AFTER INSERT ON consents REFERENCING NEW TABLE AS what FOR EACH STATEMENT EXECUTE FUNCTION segment_of_rows('consent');
DROP TRIGGER segments_added ON enrollments;
CREATE TRIGGER segments_added AFTER INSERT ON enrollments REFERENCING NEW TABLE AS what FOR EACH STATEMENT EXECUTE FUNCTION segment_of_rows('contact.flows', 'flows.entered');
DROP TRIGGER segments_removed ON enrollments;
CREATE TRIGGER segments_removed AFTER DELETE ON enrollments REFERENCING OLD TABLE AS what FOR EACH STATEMENT EXECUTE FUNCTION segment_of_rows('contact.flows');
DROP TRIGGER segments_finished ON enrollment_history;
CREATE TRIGGER segments_finished AFTER INSERT ON enrollment_history REFERENCING NEW TABLE AS what FOR EACH STATEMENT EXECUTE FUNCTION segment_of_rows('flows.finished');
DROP TRIGGER segments_added ON events;
CREATE TRIGGER segments_added AFTER INSERT ON events REFERENCING NEW TABLE AS what FOR EACH STATEMENT EXECUTE FUNCTION segment_of_events();
DROP FUNCTION segment_of_enrollment();
DROP FUNCTION segment_of_event();
