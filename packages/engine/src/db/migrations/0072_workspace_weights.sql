-- How many turns a workspace's messages get beside those of other workspaces in their lane. Whoever runs the installation sets it.
ALTER TABLE workspaces ADD COLUMN queue_weight smallint NOT NULL DEFAULT 1 CHECK (queue_weight BETWEEN 1 AND 100);
GRANT SELECT (queue_weight) ON workspaces TO signalbox_router;
