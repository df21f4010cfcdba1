-- Receipts that no message of ours was found for are deleted after a while: found by their age, without a look at the others.
CREATE INDEX message_receipts_unmatched ON message_receipts (workspace_id, received_at) WHERE message_id IS NULL;

-- Who was to be let in is of no use once everybody was asked.
UPDATE enrollment_batches SET contact_ids = NULL WHERE state <> 'running' AND contact_ids IS NOT NULL;
