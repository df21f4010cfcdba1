-- Whether Temporal has the schedule of a campaign that goes out again and again, or none where it does not, as it stands here.
ALTER TABLE campaigns ADD COLUMN schedule_synced boolean NOT NULL DEFAULT true;
CREATE INDEX campaigns_unsynced ON campaigns (id) WHERE NOT schedule_synced;
CREATE POLICY router ON campaigns FOR SELECT TO signalbox_router USING (true);
GRANT SELECT (workspace_id, id, state, schedule_synced) ON campaigns TO signalbox_router;
