-- A message is written once and changes its state two or three times, hundreds at once beside each other. With room on their page such changes
-- write no index; with a third of it only the first few did.
ALTER TABLE messages SET (fillfactor = 50);
