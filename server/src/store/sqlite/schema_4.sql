-- Pictures and logs of sessions, encrypted.
CREATE TABLE blobs (
    session TEXT NOT NULL,
    name    TEXT NOT NULL,
    bytes   BLOB NOT NULL,
    UNIQUE (session, name)
) STRICT;
