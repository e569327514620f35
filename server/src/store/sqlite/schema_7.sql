-- What records say of themselves for lists, in an index that holds all that lists read: the rest of a record may be long.
ALTER TABLE records ADD COLUMN summary TEXT;
CREATE INDEX records_summaries ON records (kind, key, expires_at, summary) WHERE kind IN ('job', 'invitations');
