//! Sessions and events in the embedded store.

use app::{
    model::{Recorded, SessionFilter, SessionId, SessionSummary, Status},
    ports::{SessionCounts, SessionPage, SessionStore, StoreError, Stored, Written},
};
use async_trait::async_trait;
use rusqlite::{Connection, OptionalExtension, Row, ToSql, params, types::Type};
use uuid::Uuid;

use super::{SqliteStore, from_json, signed, store_error, to_json, unsigned};
use crate::store::{needs_room, search_text};

/// A session as its row, made before it queues for the writing thread.
struct SessionRow {
    id: SessionId,
    version: i64,
    status: &'static str,
    created_at: i64,
    needs_room: bool,
    needs_work: bool,
    urgency: u32,
    search: String,
    summary: String,
    snapshot: String,
    events: Vec<EventRow>,
}

struct EventRow {
    session: SessionId,
    seq: i64,
    event: String,
}

impl SessionRow {
    fn new(stored: &Stored) -> Result<Self, StoreError> {
        let session = &stored.session;
        Ok(Self {
            id: session.id,
            version: signed(stored.version),
            status: session.status.as_str(),
            created_at: session.created_at.0,
            needs_room: needs_room(session),
            needs_work: session.needs_work(),
            urgency: session.undecided().urgency,
            search: search_text(session),
            summary: to_json(&session.summary())?,
            snapshot: to_json(session)?,
            events: stored.pending.iter().map(|event| EventRow::new(session.id, event)).collect::<Result<_, _>>()?,
        })
    }
}

impl EventRow {
    fn new(session: SessionId, recorded: &Recorded) -> Result<Self, StoreError> {
        Ok(Self { session, seq: signed(recorded.seq), event: to_json(recorded)? })
    }
}

#[async_trait]
impl SessionStore for SqliteStore {
    fn is_exclusive(&self) -> bool {
        true
    }

    async fn insert(&self, stored: &Stored) -> Result<Written, StoreError> {
        let row = SessionRow::new(stored)?;
        self.writer
            .run(move |connection| {
                let inserted = execute(
                    connection,
                    "INSERT INTO sessions (id, version, status, created_at, needs_room, needs_work, search, summary, snapshot,
                                           urgency)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
                    params![
                        key(row.id),
                        row.version,
                        row.status,
                        row.created_at,
                        row.needs_room,
                        row.needs_work,
                        row.search,
                        row.summary,
                        row.snapshot,
                        row.urgency
                    ],
                )?;
                written(connection, inserted, &row.events)
            })
            .await
    }

    async fn load(&self, id: SessionId) -> Result<Option<Stored>, StoreError> {
        let found: Option<(i64, String)> = self
            .readers
            .run(move |connection| {
                connection
                    .prepare_cached("SELECT version, snapshot FROM sessions WHERE id = ?1")
                    .and_then(|mut found| found.query_row([key(id)], |row| Ok((row.get(0)?, row.get(1)?))).optional())
                    .map_err(store_error)
            })
            .await?;
        found
            .map(|(version, snapshot)| {
                // Events are saved together with their session, so none is ever left over.
                Ok(Stored { session: from_json(&snapshot)?, version: unsigned(version), pending: Vec::new() })
            })
            .transpose()
    }

    async fn save(&self, stored: &Stored) -> Result<Written, StoreError> {
        let row = SessionRow::new(stored)?;
        self.writer
            .run(move |connection| {
                let updated = execute(
                    connection,
                    "UPDATE sessions
                     SET version = ?2, status = ?3, needs_room = ?4, search = ?5, summary = ?6, snapshot = ?7, needs_work = ?8,
                         urgency = ?9
                     WHERE id = ?1 AND version = ?2 - 1",
                    params![
                        key(row.id),
                        row.version,
                        row.status,
                        row.needs_room,
                        row.search,
                        row.summary,
                        row.snapshot,
                        row.needs_work,
                        row.urgency
                    ],
                )?;
                written(connection, updated, &row.events)
            })
            .await
    }

    /// One process writes here and knows what it wrote, so this is not asked often: one look-up each will do.
    async fn versions(&self, ids: &[SessionId]) -> Result<Vec<(SessionId, u64)>, StoreError> {
        let ids = ids.to_vec();
        self.readers
            .run(move |connection| {
                let mut find =
                    connection.prepare_cached("SELECT version FROM sessions WHERE id = ?1").map_err(store_error)?;
                let mut versions = Vec::with_capacity(ids.len());
                for id in ids {
                    let found: Option<i64> =
                        find.query_row([key(id)], |row| row.get(0)).optional().map_err(store_error)?;
                    versions.extend(found.map(|version| (id, unsigned(version))));
                }
                Ok(versions)
            })
            .await
    }

    async fn statuses(&self, ids: &[SessionId]) -> Result<Vec<(SessionId, Status)>, StoreError> {
        let ids = ids.to_vec();
        self.readers
            .run(move |connection| {
                let mut find =
                    connection.prepare_cached("SELECT status FROM sessions WHERE id = ?1").map_err(store_error)?;
                let mut statuses = Vec::with_capacity(ids.len());
                for id in ids {
                    let found: Option<String> =
                        find.query_row([key(id)], |row| row.get(0)).optional().map_err(store_error)?;
                    let Some(word) = found else { continue };
                    let unknown = || StoreError::Failed("a session has an unknown status".into());
                    statuses.push((id, Status::from_word(&word).ok_or_else(unknown)?));
                }
                Ok(statuses)
            })
            .await
    }

    async fn publish(&self, events: &[(SessionId, Recorded)]) -> Result<(), StoreError> {
        let rows =
            events.iter().map(|(session, event)| EventRow::new(*session, event)).collect::<Result<Vec<_>, _>>()?;
        self.writer.run(move |connection| insert_events(connection, &rows)).await
    }

    async fn unpublish(&self, events: &[(SessionId, u64)]) -> Result<(), StoreError> {
        let events = events.to_vec();
        self.writer
            .run(move |connection| {
                for (id, seq) in events {
                    execute(connection, "DELETE FROM events WHERE session = ?1 AND seq = ?2", (key(id), signed(seq)))?;
                }
                Ok(())
            })
            .await
    }

    async fn events(&self, id: SessionId) -> Result<Vec<Recorded>, StoreError> {
        let texts = self
            .readers
            .run(move |connection| {
                texts(connection, "SELECT event FROM events WHERE session = ?1 ORDER BY seq", &[&key(id)])
            })
            .await?;
        texts.iter().map(|text| from_json(text)).collect()
    }

    async fn events_after(&self, id: SessionId, after: u64, limit: u32) -> Result<Vec<Recorded>, StoreError> {
        let texts = self
            .readers
            .run(move |connection| {
                let later = "SELECT event FROM events WHERE session = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";
                texts(connection, later, &[&key(id), &signed(after), &limit])
            })
            .await?;
        texts.iter().map(|text| from_json(text)).collect()
    }

    async fn delete(&self, id: SessionId) -> Result<bool, StoreError> {
        self.writer
            .run(move |connection| {
                execute(connection, "DELETE FROM events WHERE session = ?1", [key(id)])?;
                Ok(execute(connection, "DELETE FROM sessions WHERE id = ?1", [key(id)])? == 1)
            })
            .await
    }

    async fn list(&self, filter: &SessionFilter, limit: u32, offset: u64) -> Result<SessionPage, StoreError> {
        let status = filter.status.map(Status::as_str);
        let search = filter.search.to_lowercase();
        let (summaries, total) = self
            .readers
            .run(move |connection| {
                // Only conditions that are there: each combination then has an index that gives its order.
                let by_status = if status.is_some() { "status = ?1" } else { "?1 IS NULL" };
                let by_search = if search.is_empty() { "?2 = ''" } else { "instr(search, ?2) > 0" };
                let matching = format!("FROM sessions WHERE {by_status} AND {by_search}");
                let page = format!("SELECT summary {matching} ORDER BY created_at DESC, id LIMIT ?3 OFFSET ?4");
                let summaries = texts(connection, &page, &[&status, &search, &limit, &signed(offset)])?;
                let total = if search.is_empty() {
                    counted(connection, status)?
                } else {
                    connection
                        .prepare_cached(&format!("SELECT count(*) {matching}"))
                        .and_then(|mut count| count.query_row(params![status, search], |row| row.get(0)))
                        .map_err(store_error)?
                };
                Ok((summaries, total))
            })
            .await?;
        Ok(SessionPage {
            sessions: summaries.iter().map(|text| from_json(text)).collect::<Result<_, _>>()?,
            total: unsigned(total),
        })
    }

    async fn counts(&self) -> Result<SessionCounts, StoreError> {
        self.readers
            .run(|connection| {
                let count = |status: Status| counted(connection, Some(status.as_str())).map(unsigned);
                Ok(SessionCounts {
                    initialized: count(Status::Initialized)?,
                    in_progress: count(Status::InProgress)?,
                    completed: count(Status::Completed)?,
                })
            })
            .await
    }

    async fn without_room(&self, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.readers
            .run(move |connection| {
                connection
                    .prepare_cached("SELECT id FROM sessions WHERE needs_room ORDER BY created_at, id LIMIT ?1")
                    .and_then(|mut found| found.query_map([limit], session_id)?.collect())
                    .map_err(store_error)
            })
            .await
    }

    async fn with_work(&self, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.readers
            .run(move |connection| {
                connection
                    .prepare_cached("SELECT id FROM sessions WHERE needs_work ORDER BY created_at, id LIMIT ?1")
                    .and_then(|mut found| found.query_map([limit], session_id)?.collect())
                    .map_err(store_error)
            })
            .await
    }

    async fn to_review(&self, limit: u32) -> Result<Vec<SessionSummary>, StoreError> {
        let summaries = self
            .readers
            .run(move |connection| {
                let found =
                    "SELECT summary FROM sessions WHERE urgency > 0 ORDER BY urgency DESC, created_at, id LIMIT ?1";
                texts(connection, found, &[&limit])
            })
            .await?;
        summaries.iter().map(|text| from_json(text)).collect()
    }

    /// The tables' third version put them right when the file was opened.
    async fn outdated(&self, _limit: u32) -> Result<Vec<SessionId>, StoreError> {
        Ok(Vec::new())
    }

    async fn ping(&self) -> Result<(), StoreError> {
        self.readers
            .run(|connection| connection.query_row("SELECT 1 FROM counts", [], |_| Ok(())).map_err(store_error))
            .await
    }
}

fn key(id: SessionId) -> [u8; 16] {
    id.0.into_bytes()
}

fn session_id(row: &Row<'_>) -> rusqlite::Result<SessionId> {
    let bytes: Vec<u8> = row.get(0)?;
    Uuid::from_slice(&bytes)
        .map(SessionId)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Blob, Box::new(error)))
}

/// How many rows the statement changed.
fn execute(connection: &Connection, sql: &str, values: impl rusqlite::Params) -> Result<usize, StoreError> {
    connection.prepare_cached(sql).and_then(|mut statement| statement.execute(values)).map_err(store_error)
}

/// The second half of a write: its events, if its session was written.
fn written(connection: &Connection, changed: usize, events: &[EventRow]) -> Result<Written, StoreError> {
    if changed == 0 {
        return Err(StoreError::Conflict);
    }
    insert_events(connection, events)?;
    Ok(Written::WithEvents)
}

fn insert_events(connection: &Connection, events: &[EventRow]) -> Result<(), StoreError> {
    for row in events {
        execute(
            connection,
            "INSERT INTO events (session, seq, event) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            params![key(row.session), row.seq, row.event],
        )?;
    }
    Ok(())
}

fn texts(connection: &Connection, sql: &str, values: &[&dyn ToSql]) -> Result<Vec<String>, StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut found| found.query_map(values, |row| row.get(0))?.collect())
        .map_err(store_error)
}

/// Sessions of one status or of all, as the triggers counted them.
fn counted(connection: &Connection, status: Option<&str>) -> Result<i64, StoreError> {
    connection
        .prepare_cached("SELECT coalesce(sum(n), 0) FROM counts WHERE ?1 IS NULL OR status = ?1")
        .and_then(|mut count| count.query_row([status], |row| row.get(0)))
        .map_err(store_error)
}
