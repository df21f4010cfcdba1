-- Whose brand a sender is registered for, as the register calls it, and how many segments a day carriers take of that brand. Where senders of a
-- brand say different numbers, the lowest holds.
ALTER TABLE senders
  ADD COLUMN registration_brand text,
  ADD COLUMN brand_daily_segments integer CHECK (brand_daily_segments > 0);

-- Segments that were claimed for a brand with such a cap, in deltas that are only ever added; those of days before go with the next ones.
CREATE TABLE brand_segments (
  workspace_id uuid NOT NULL,
  brand text NOT NULL,
  at timestamptz NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  segments integer NOT NULL,
  PRIMARY KEY (workspace_id, brand, at, id)
);
ALTER TABLE brand_segments ALTER COLUMN workspace_id SET (n_distinct = 1);
ALTER TABLE brand_segments ENABLE ROW LEVEL SECURITY;
ALTER TABLE brand_segments FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON brand_segments TO signalbox_app
  USING (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid))
  WITH CHECK (workspace_id = (SELECT nullif(current_setting('app.workspace', true), '')::uuid));
GRANT SELECT, INSERT, DELETE ON brand_segments TO signalbox_app;
