-- How long a message may wait for its turn, once it may go out at all.
ALTER TABLE message_queue ADD COLUMN valid_seconds integer NOT NULL DEFAULT 86400;
