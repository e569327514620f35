-- Small columns first: a list or a search never touches the pages that hold a long snapshot.
CREATE TABLE sessions (
    id BLOB NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    needs_room INTEGER NOT NULL,
    search TEXT NOT NULL,
    summary TEXT NOT NULL,
    snapshot TEXT NOT NULL
);
CREATE INDEX sessions_newest ON sessions (created_at DESC, id);
CREATE INDEX sessions_newest_by_status ON sessions (status, created_at DESC, id);
CREATE INDEX sessions_needing_room ON sessions (created_at, id) WHERE needs_room;

-- Sessions by status, kept by the same transaction, so that counting costs the same for ten and for a million.
CREATE TABLE counts (status TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counts VALUES ('initialized', 0), ('in_progress', 0), ('completed', 0);
CREATE TRIGGER session_inserted AFTER INSERT ON sessions BEGIN
    UPDATE counts SET n = n + 1 WHERE status = NEW.status;
END;
CREATE TRIGGER session_moved AFTER UPDATE OF status ON sessions WHEN OLD.status <> NEW.status BEGIN
    UPDATE counts SET n = n - 1 WHERE status = OLD.status;
    UPDATE counts SET n = n + 1 WHERE status = NEW.status;
END;
CREATE TRIGGER session_deleted AFTER DELETE ON sessions BEGIN
    UPDATE counts SET n = n - 1 WHERE status = OLD.status;
END;

CREATE TABLE events (
    session BLOB NOT NULL,
    seq INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (session, seq)
) WITHOUT ROWID;

CREATE TABLE records (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    expires_at INTEGER,
    PRIMARY KEY (kind, key)
) WITHOUT ROWID;
CREATE INDEX records_expiring ON records (expires_at) WHERE expires_at IS NOT NULL;
