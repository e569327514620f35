-- How urgently people have to decide about what proctoring found. Before this there was nothing to decide.
ALTER TABLE sessions ADD COLUMN urgency INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sessions_to_review ON sessions (urgency DESC, created_at, id) WHERE urgency > 0;
