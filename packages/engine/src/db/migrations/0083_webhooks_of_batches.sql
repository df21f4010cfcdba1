-- A batch of a campaign changes hundreds of messages at once. A trigger for each row was called for all of them before its first call could say
-- that no webhook wants to hear: asked once a statement instead.
CREATE FUNCTION webhook_of_messages() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_workspace uuid;
  wanted text := current_setting('app.webhooks', true);
BEGIN
  IF wanted = 'none' THEN RETURN NULL; END IF;
  SELECT workspace_id INTO of_workspace FROM written LIMIT 1;
  IF of_workspace IS NULL THEN RETURN NULL; END IF;
  IF wanted IS NULL OR wanted = '' THEN
    SELECT coalesce(',' || string_agg(DISTINCT t, ',') || ',', 'none') INTO wanted
    FROM webhook_endpoints e CROSS JOIN unnest(e.types) AS t WHERE e.workspace_id = of_workspace AND e.enabled;
    PERFORM set_config('app.webhooks', wanted, true);
    IF wanted = 'none' THEN RETURN NULL; END IF;
  END IF;
  PERFORM webhook_tell(x.workspace_id, x.type, x.id, x.at) FROM (
    SELECT n.workspace_id, n.id, t.type, t.at
    FROM written n JOIN was o ON o.workspace_id = n.workspace_id AND o.id = n.id
    CROSS JOIN LATERAL (VALUES
      (1, o.accepted_at IS NULL AND n.accepted_at IS NOT NULL, 'message.accepted', n.accepted_at),
      (2, o.state <> n.state AND n.state NOT IN ('accepted', 'queued'), CASE n.state WHEN 'unknown' THEN 'message.unresolved' ELSE 'message.' || n.state END,
        CASE n.state WHEN 'delivered' THEN n.delivered_at ELSE now() END)
    ) AS t(place, happened, type, at)
    WHERE n.direction = 'out' AND t.happened ORDER BY n.id, t.place
  ) x;
  RETURN NULL;
END $$;
DROP TRIGGER webhooks_changed ON messages;
CREATE TRIGGER webhooks_changed AFTER UPDATE ON messages REFERENCING OLD TABLE AS was NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION webhook_of_messages();
