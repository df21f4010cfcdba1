-- What a workspace wants people to do: an event of a type, and what it is worth; and each time that somebody did it (docs/decisions/0037).
CREATE TABLE goals (
  workspace_id uuid NOT NULL REFERENCES workspaces,
  id uuid NOT NULL,
  name text NOT NULL,
  -- Neither these three ever change: conversions from before would be of something else.
  event_type text NOT NULL,
  value_field text,
  currency text,
  -- Days after a click, and after a delivery, within which a conversion is put down to it unless whoever looks says otherwise.
  window_days smallint NOT NULL CHECK (window_days BETWEEN 1 AND 90),
  delivery_days smallint NOT NULL CHECK (delivery_days BETWEEN 1 AND 90),
  archived_at timestamptz,
  -- How far events from before the goal are counted, from the newest back. None is looked at while a transaction runs that may have looked
  -- for goals before there was this one; null until it is known which those are.
  fill_xid xid8,
  fill_at timestamptz,
  fill_event_id uuid,
  filled_at timestamptz,
  is_sample boolean NOT NULL DEFAULT false,
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, id),
  CHECK ((value_field IS NULL) = (currency IS NULL))
);
CREATE UNIQUE INDEX goals_name ON goals (workspace_id, lower(name)) WHERE archived_at IS NULL;
CREATE INDEX goals_unfilled ON goals (workspace_id) WHERE filled_at IS NULL;

CREATE TABLE conversions (
  workspace_id uuid NOT NULL,
  goal_id uuid NOT NULL,
  event_id uuid NOT NULL,
  contact_id uuid NOT NULL,
  at timestamptz NOT NULL,
  -- In the goal's currency; null where the goal has no value, or the event said none that is a number.
  value_micro bigint,
  currency text,
  PRIMARY KEY (workspace_id, goal_id, event_id),
  FOREIGN KEY (workspace_id, goal_id) REFERENCES goals (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, contact_id) REFERENCES contacts (workspace_id, id) ON DELETE CASCADE,
  CHECK ((value_micro IS NULL) = (currency IS NULL))
);
CREATE INDEX conversions_time ON conversions (workspace_id, goal_id, at DESC, event_id DESC) INCLUDE (contact_id, value_micro);
CREATE INDEX conversions_contact ON conversions (workspace_id, contact_id, at);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['goals', 'conversions'] LOOP
    EXECUTE format('ALTER TABLE %I ALTER COLUMN workspace_id SET (n_distinct = 1)', t);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format(
      'CREATE POLICY tenant ON %I TO signalbox_app USING (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid)) '
      'WITH CHECK (workspace_id = (SELECT nullif(current_setting(''app.workspace'', true), '''')::uuid))', t);
  END LOOP;
END $$;
GRANT SELECT, INSERT, UPDATE, DELETE ON goals TO signalbox_app;
GRANT SELECT, INSERT, DELETE ON conversions TO signalbox_app;
CREATE POLICY router ON goals FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, filled_at) ON goals TO signalbox_router;

-- The amount that an event says in a field, in micro-units: of a number, or of a text that is nothing but one. Null for anything else, and where
-- the event says that it is in another currency.
CREATE FUNCTION goal_value(of_data jsonb, of_field text, of_currency text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN of_field IS NULL THEN NULL
    WHEN of_field <> 'currency' AND of_data ->> 'currency' ~ '^[A-Za-z]{3}$' AND upper(of_data ->> 'currency') <> of_currency THEN NULL
    WHEN btrim(of_data ->> of_field) ~ '^-?\d{1,12}(\.\d{1,30})?$' THEN round(btrim(of_data ->> of_field)::numeric * 1000000)::bigint
  END
$$;

-- Whoever stores an event does not know which goals it counts for. Which types count is looked up once in a transaction and kept in
-- `app.goals`: `,type,type,`, or `none`.
CREATE FUNCTION goals_of_events() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_workspace uuid;
  wanted text := current_setting('app.goals', true);
BEGIN
  IF wanted = 'none' THEN RETURN NULL; END IF;
  SELECT workspace_id INTO of_workspace FROM written LIMIT 1;
  IF of_workspace IS NULL THEN RETURN NULL; END IF;
  IF wanted IS NULL OR wanted = '' THEN
    SELECT coalesce(',' || string_agg(DISTINCT event_type, ',') || ',', 'none') INTO wanted
    FROM goals WHERE workspace_id = of_workspace AND archived_at IS NULL;
    PERFORM set_config('app.goals', wanted, true);
  END IF;
  IF NOT EXISTS (SELECT 1 FROM written w WHERE position(',' || w.type || ',' IN wanted) > 0) THEN RETURN NULL; END IF;
  INSERT INTO conversions (workspace_id, goal_id, event_id, contact_id, at, value_micro, currency)
  SELECT w.workspace_id, g.id, w.id, w.contact_id, w.occurred_at, v.value, CASE WHEN v.value IS NOT NULL THEN g.currency END
  FROM written w
  JOIN goals g ON g.workspace_id = w.workspace_id AND g.event_type = w.type AND g.archived_at IS NULL
  CROSS JOIN LATERAL (SELECT goal_value(w.data, g.value_field, g.currency) AS value) AS v
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER goals_reached AFTER INSERT ON events REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION goals_of_events();
-- A goal that comes or goes counts from then on, in the very transaction too.
CREATE FUNCTION goals_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('app.goals', '', true);
  RETURN NULL;
END $$;
CREATE TRIGGER goals_changed AFTER INSERT OR UPDATE OF archived_at OR DELETE ON goals FOR EACH STATEMENT EXECUTE FUNCTION goals_changed();
