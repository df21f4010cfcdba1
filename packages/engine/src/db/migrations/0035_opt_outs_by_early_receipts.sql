-- A receipt may come before its message can be found. Whether it told of an opt-out is known to its provider alone: kept until it is joined.
ALTER TABLE message_receipts ADD COLUMN opted_out boolean NOT NULL DEFAULT false;
