-- What a receipt says that its message cost, or that part of it.
ALTER TABLE message_receipts ADD COLUMN cost bigint, ADD COLUMN cost_currency text;

-- What is in the deltas for an attempt, once a receipt or a later look set that right; until then it follows from the estimate and from what
-- the answer said. And when its provider is next asked what it cost, where that is only told later.
ALTER TABLE message_attempts ADD COLUMN reckoned bigint, ADD COLUMN cost_due_at timestamptz;
CREATE INDEX message_attempts_cost_due ON message_attempts (workspace_id, account_id, cost_due_at) WHERE cost_due_at IS NOT NULL;

-- Of the sum, what real prices changed of estimates; and of how many messages a real price is known.
ALTER TABLE spend_deltas ADD COLUMN corrected bigint NOT NULL DEFAULT 0, ADD COLUMN priced integer NOT NULL DEFAULT 0;
ALTER TABLE spend_hours ADD COLUMN corrected bigint NOT NULL DEFAULT 0, ADD COLUMN priced bigint NOT NULL DEFAULT 0;
