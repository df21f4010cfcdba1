-- Conversations are listed by their messages: contacts need no time of their own, and a text no index entry for it. The column goes
-- in a later release, when no build that writes it runs any more.
DROP INDEX contacts_conversation;
