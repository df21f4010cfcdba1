-- Whoever changes a row does not know which segments go by it: triggers write down who changed, with the rights and in the workspace of the
-- statement they belong to (docs/decisions/0032). What is watched is looked up once in a transaction and kept in `app.segments`:
-- `,watch,watch,`, or `none`.
CREATE FUNCTION segment_watched(of_workspace uuid, of_watch text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  watched text := current_setting('app.segments', true);
BEGIN
  IF watched IS NULL OR watched = '' THEN
    SELECT coalesce(',' || string_agg(DISTINCT w, ',') || ',', 'none') INTO watched
    FROM segments s CROSS JOIN unnest(s.watches || ARRAY['new']) AS w WHERE s.workspace_id = of_workspace;
    PERFORM set_config('app.segments', watched, true);
  END IF;
  RETURN position(',' || of_watch || ',' IN watched) > 0;
END $$;

CREATE FUNCTION segment_tell(of_workspace uuid, of_contact uuid, of_watch text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF segment_watched(of_workspace, of_watch) THEN
    INSERT INTO segment_dirty (workspace_id, contact_id, watch) VALUES (of_workspace, of_contact, of_watch);
  END IF;
END $$;

-- Somebody new may be in any segment: in one of those who never did something, too. So may somebody who is taken back, and whoever is
-- deleted is in none.
CREATE FUNCTION segment_of_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM segment_tell(NEW.workspace_id, NEW.id, CASE WHEN TG_OP = 'INSERT' OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at THEN 'new' ELSE 'contact' END);
  RETURN NULL;
END $$;
CREATE TRIGGER segments_added AFTER INSERT ON contacts FOR EACH ROW
  WHEN (current_setting('app.segments', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION segment_of_contact();
CREATE TRIGGER segments_changed AFTER UPDATE OF revision, engagement_score, deleted_at ON contacts FOR EACH ROW
  WHEN ((OLD.revision <> NEW.revision OR OLD.engagement_score IS DISTINCT FROM NEW.engagement_score OR OLD.deleted_at IS DISTINCT FROM NEW.deleted_at)
    AND current_setting('app.segments', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION segment_of_contact();

CREATE FUNCTION segment_of_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM segment_tell(coalesce(NEW.workspace_id, OLD.workspace_id), coalesce(NEW.contact_id, OLD.contact_id), TG_ARGV[0]);
  RETURN NULL;
END $$;
CREATE TRIGGER segments_added AFTER INSERT ON consents FOR EACH ROW
  WHEN (current_setting('app.segments', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION segment_of_row('consent');
CREATE TRIGGER segments_changed AFTER UPDATE OF state ON consents FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND current_setting('app.segments', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION segment_of_row('consent');
CREATE TRIGGER segments_removed AFTER DELETE ON consents FOR EACH ROW
  WHEN (current_setting('app.segments', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION segment_of_row('consent');

CREATE FUNCTION segment_of_enrollment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM segment_tell(OLD.workspace_id, OLD.contact_id, 'contact.flows');
  ELSE
    PERFORM segment_tell(NEW.workspace_id, NEW.contact_id, 'contact.flows');
    PERFORM segment_tell(NEW.workspace_id, NEW.contact_id, 'flows.entered');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER segments_added AFTER INSERT ON enrollments FOR EACH ROW
  WHEN (current_setting('app.segments', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION segment_of_enrollment();
CREATE TRIGGER segments_removed AFTER DELETE ON enrollments FOR EACH ROW
  WHEN (current_setting('app.segments', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION segment_of_enrollment();
CREATE TRIGGER segments_finished AFTER INSERT ON enrollment_history FOR EACH ROW
  WHEN (NEW.outcome = 'finished' AND current_setting('app.segments', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION segment_of_row('flows.finished');

CREATE FUNCTION segment_of_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM segment_tell(NEW.workspace_id, NEW.contact_id, 'events.' || NEW.type);
  PERFORM segment_tell(NEW.workspace_id, NEW.contact_id, 'events');
  RETURN NULL;
END $$;
CREATE TRIGGER segments_added AFTER INSERT ON events FOR EACH ROW
  WHEN (current_setting('app.segments', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION segment_of_event();

-- A batch of a campaign changes hundreds at once: asked once a statement, not once a message.
CREATE FUNCTION segment_of_messages() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_workspace uuid;
BEGIN
  IF current_setting('app.segments', true) = 'none' THEN RETURN NULL; END IF;
  SELECT workspace_id INTO of_workspace FROM written LIMIT 1;
  IF of_workspace IS NULL OR NOT (segment_watched(of_workspace, 'messages.sent') OR segment_watched(of_workspace, 'messages.delivered')
    OR segment_watched(of_workspace, 'messages.failed')) THEN RETURN NULL; END IF;
  INSERT INTO segment_dirty (workspace_id, contact_id, watch)
  SELECT n.workspace_id, n.contact_id, w.watch
  FROM written n JOIN was o ON o.workspace_id = n.workspace_id AND o.id = n.id
  CROSS JOIN LATERAL (VALUES
    ('messages.sent', o.accepted_at IS DISTINCT FROM n.accepted_at),
    ('messages.delivered', o.delivered_at IS DISTINCT FROM n.delivered_at),
    ('messages.failed', o.state <> n.state AND (n.state IN ('undelivered', 'failed', 'expired') OR o.state IN ('undelivered', 'failed', 'expired')))
  ) AS w(watch, happened)
  WHERE n.direction = 'out' AND w.happened AND segment_watched(n.workspace_id, w.watch);
  RETURN NULL;
END $$;
CREATE TRIGGER segments_changed AFTER UPDATE ON messages REFERENCING OLD TABLE AS was NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION segment_of_messages();

-- A number may belong to nobody that is known.
CREATE FUNCTION segment_of_number() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM segment_tell(NEW.workspace_id, c.id, 'contact.blocked') FROM contacts c WHERE c.workspace_id = NEW.workspace_id AND c.phone = NEW.number;
  RETURN NULL;
END $$;
CREATE TRIGGER segments_changed AFTER UPDATE OF suppressed_at ON numbers FOR EACH ROW
  WHEN ((OLD.suppressed_at IS NULL) <> (NEW.suppressed_at IS NULL) AND current_setting('app.segments', true) IS DISTINCT FROM 'none')
  EXECUTE FUNCTION segment_of_number();
CREATE TRIGGER segments_added AFTER INSERT ON numbers FOR EACH ROW
  WHEN (NEW.suppressed_at IS NOT NULL AND current_setting('app.segments', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION segment_of_number();

-- A statement puts a million people on a list: so does this.
CREATE FUNCTION segment_of_list() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.segments', true) = 'none' THEN RETURN NULL; END IF;
  INSERT INTO segment_dirty (workspace_id, contact_id, watch)
  SELECT m.workspace_id, m.contact_id, 'contact.lists' FROM changed m WHERE segment_watched(m.workspace_id, 'contact.lists');
  RETURN NULL;
END $$;
CREATE TRIGGER segments_added AFTER INSERT ON contact_list_members REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION segment_of_list();
CREATE TRIGGER segments_removed AFTER DELETE ON contact_list_members REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION segment_of_list();

-- Flows that somebody starts by coming into a segment or leaving it.
ALTER TABLE flow_triggers DROP CONSTRAINT flow_triggers_kind_check;
ALTER TABLE flow_triggers ADD CONSTRAINT flow_triggers_kind_check CHECK (kind IN ('keyword', 'text', 'api', 'segment'));
CREATE INDEX flow_triggers_segment ON flow_triggers (workspace_id, value) WHERE kind = 'segment';

-- Webhooks hear of who comes and who goes.
CREATE FUNCTION webhook_of_segment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.webhooks', true) = 'none' THEN RETURN NULL; END IF;
  PERFORM webhook_tell(NEW.workspace_id, CASE WHEN NEW.entered THEN 'segment.entered' ELSE 'segment.left' END, NEW.id, NEW.at);
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_added AFTER INSERT ON segment_changes FOR EACH ROW
  WHEN (current_setting('app.webhooks', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION webhook_of_segment();
