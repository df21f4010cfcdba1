-- What keeps the file of a flow in code from being used: it is gone, or it is broken, and then how. Null where it is fine,
-- and for flows that were drawn.
ALTER TABLE flows ADD COLUMN source_problem text CHECK (source_problem IN ('gone', 'broken'));
ALTER TABLE flows ADD COLUMN source_detail text;
