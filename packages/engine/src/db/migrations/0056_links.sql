-- Short links: each stands in one message to one person, so whoever follows it is known. The code is unguessable and one for the whole
-- installation; where it leads is settled here, when the message is queued, and never by a request.
CREATE TABLE links (
  workspace_id uuid NOT NULL,
  code text NOT NULL,
  message_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  flow_id uuid,
  -- The host that it was written with; null for the engine's own address.
  host text,
  target text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  -- By people: what previews links or looks at them by itself is not counted.
  clicks integer NOT NULL DEFAULT 0,
  first_clicked_at timestamptz,
  last_clicked_at timestamptz,
  PRIMARY KEY (workspace_id, code),
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE
) WITH (fillfactor = 90);
CREATE UNIQUE INDEX links_code ON links (code) INCLUDE (workspace_id);
-- Ids of messages are in order of time: both lists are read from the newest back.
CREATE INDEX links_message ON links (workspace_id, message_id);
CREATE INDEX links_flow ON links (workspace_id, flow_id, message_id);
CREATE INDEX links_contact ON links (workspace_id, contact_id);

-- Who followed a link, when and with what kind of device; no address of a machine, and nothing of the browser but its kind.
CREATE TABLE link_clicks (
  workspace_id uuid NOT NULL,
  id uuid NOT NULL,
  code text NOT NULL,
  at timestamptz NOT NULL,
  device text NOT NULL CHECK (device IN ('phone', 'tablet', 'desktop', 'unknown')),
  -- A preview, a robot or a request made ahead: no click.
  automatic boolean NOT NULL,
  PRIMARY KEY (workspace_id, id),
  FOREIGN KEY (workspace_id, code) REFERENCES links (workspace_id, code) ON DELETE CASCADE
);
CREATE INDEX link_clicks_link ON link_clicks (workspace_id, code, at);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['links', 'link_clicks'] LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO signalbox_app', t);
  END LOOP;
END $$;
REVOKE UPDATE ON link_clicks FROM signalbox_app;

-- Whoever is asked for a code finds whose it is, and whether somebody has this host for links.
CREATE POLICY router ON links FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, code) ON links TO signalbox_router;
GRANT SELECT (link_domain) ON workspaces TO signalbox_router;

CREATE FUNCTION webhook_of_click() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('app.webhooks', true) = 'none' THEN RETURN NULL; END IF;
  PERFORM webhook_tell(NEW.workspace_id, 'link.clicked', NEW.id, NEW.at);
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_added AFTER INSERT ON link_clicks FOR EACH ROW
  WHEN (NOT NEW.automatic AND current_setting('app.webhooks', true) IS DISTINCT FROM 'none') EXECUTE FUNCTION webhook_of_click();
