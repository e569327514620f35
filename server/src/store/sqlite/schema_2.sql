-- Sessions that a worker has something to do for in the background.
ALTER TABLE sessions ADD COLUMN needs_work INTEGER NOT NULL DEFAULT 0;
CREATE INDEX sessions_needing_work ON sessions (created_at, id) WHERE needs_work;
