-- What was left in an account when its provider was last asked, in millionths of its currency or of credits; nothing where it tells none.
ALTER TABLE accounts ADD COLUMN balance bigint, ADD COLUMN balance_currency text, ADD COLUMN balance_read_at timestamptz;

-- Links past their time and clicks of long ago are deleted.
CREATE INDEX links_expiry ON links (workspace_id, expires_at);
CREATE INDEX link_clicks_age ON link_clicks (workspace_id, at);

-- A cancel takes only what waits for this: the code of a reason, or the one that the provider gave for the last try.
ALTER TABLE queue_holds ADD COLUMN code text;

-- What a demo begins with, until somebody makes it theirs.
ALTER TABLE prices ADD COLUMN is_sample boolean NOT NULL DEFAULT false;
ALTER TABLE webhook_endpoints ADD COLUMN is_sample boolean NOT NULL DEFAULT false;
ALTER TABLE consent_programmes ADD COLUMN is_sample boolean NOT NULL DEFAULT false;
ALTER TABLE opening_hours ADD COLUMN is_sample boolean NOT NULL DEFAULT false;
