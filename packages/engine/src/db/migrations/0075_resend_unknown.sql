-- Whether transactional messages of which nobody ever learns whether they were sent are sent once more.
ALTER TABLE workspaces ADD COLUMN resend_unknown boolean NOT NULL DEFAULT false;
