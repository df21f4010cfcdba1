-- Why a flow paused itself: the step and the code that too many people failed with. Null where somebody paused it, and once it goes on.
ALTER TABLE flows ADD COLUMN paused_by jsonb CHECK (paused_by IS NULL OR state = 'paused');
