//! Sessions and events in MongoDB.

use app::{
    model::{GRAVER, Recorded, SessionFilter, SessionId, SessionSummary, Status, UnixMillis},
    ports::{SessionCounts, SessionPage, SessionStore, StoreError, Stored, Written},
};
use async_trait::async_trait;
use futures::{StreamExt, TryStreamExt, stream};
use mongodb::{
    bson::{Document, doc},
    error::{Error, ErrorKind},
};
use tokio::sync::SemaphorePermit;

use super::{
    DUPLICATE_KEY, MongoStore, QUICK, SLOW, attempt,
    document::{decode, encode, signed, take, unreadable},
    guard::claim_id,
    is_duplicate, store_error, within,
};
use crate::store::{needs_room, search_text};

/// Events past the last known one that a deletion looks for: those of a step in flight.
const IN_FLIGHT: i64 = 32;

/// Sessions read one by one at the same time.
const AT_ONCE: usize = 16;

/// Documents that one command removes, at most.
const DELETED_AT_ONCE: usize = 500;

#[async_trait]
impl SessionStore for MongoStore {
    fn is_exclusive(&self) -> bool {
        false
    }

    async fn insert(&self, stored: &Stored) -> Result<Written, StoreError> {
        let document = to_document(stored)?;
        let insert = async {
            let _place = self.place().await;
            self.sessions.insert_one(document).await
        };
        match attempt(QUICK, insert).await? {
            Ok(_) => Ok(Written::EventsPending),
            Err(error) if is_duplicate(&error) => Err(StoreError::Conflict),
            Err(error) => Err(store_error(error)),
        }
    }

    async fn load(&self, id: SessionId) -> Result<Option<Stored>, StoreError> {
        let found = within(QUICK, self.sessions.find_one(doc! { "_id": id.to_string() })).await?;
        found
            .map(|mut document| {
                Ok(Stored {
                    session: take(&mut document, "session")?,
                    version: take(&mut document, "version")?,
                    pending: take(&mut document, "pending")?,
                })
            })
            .transpose()
    }

    async fn save(&self, stored: &Stored) -> Result<Written, StoreError> {
        let (id, version) = (stored.session.id, signed(stored.version));
        let replacement = to_document(stored)?;
        let saved = if let Some(guard) = &self.guard {
            guard.replace(id, version, replacement).await?
        } else {
            let expected = doc! { "_id": id.to_string(), "version": version - 1 };
            within(QUICK, self.sessions.replace_one(expected, replacement)).await?.matched_count == 1
        };
        if saved { Ok(Written::EventsPending) } else { Err(StoreError::Conflict) }
    }

    async fn publish(&self, events: &[(SessionId, Recorded)]) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let documents = events.iter().map(|(id, recorded)| to_event(*id, recorded)).collect::<Result<Vec<_>, _>>()?;
        let insert = async {
            let _place = self.place().await;
            self.events.insert_many(documents).ordered(false).await
        };
        match attempt(SLOW, insert).await? {
            Err(error) if !all_were_there(&error) => Err(store_error(error)),
            _ => Ok(()),
        }
    }

    async fn unpublish(&self, events: &[(SessionId, u64)]) -> Result<(), StoreError> {
        self.delete_each("events", events.iter().copied().map(|(id, seq)| event_id(id, signed(seq)))).await
    }

    async fn events(&self, id: SessionId) -> Result<Vec<Recorded>, StoreError> {
        let mut events = within(SLOW, async { self.events.find(all_events(id)).await?.try_collect::<Vec<_>>().await })
            .await?
            .into_iter()
            .map(from_event)
            .collect::<Result<Vec<_>, _>>()?;
        events.sort_by_key(|recorded| recorded.seq);
        Ok(events)
    }

    async fn events_after(&self, id: SessionId, after: u64, limit: u32) -> Result<Vec<Recorded>, StoreError> {
        // `;` follows `:`.
        let later = doc! { "_id": { "$gt": event_id(id, signed(after)), "$lt": format!("{id};") } };
        let found = async {
            // 0 would mean: all of them.
            let found = self.events.find(later).sort(doc! { "_id": 1 }).limit(i64::from(limit.max(1)));
            found.await?.try_collect::<Vec<_>>().await
        };
        within(SLOW, found).await?.into_iter().take(limit as usize).map(from_event).collect()
    }

    async fn versions(&self, ids: &[SessionId]) -> Result<Vec<(SessionId, u64)>, StoreError> {
        let read = |mut document: Document| {
            let version = document.get_i64("version").map_err(|_| unreadable())?;
            Ok((take(&mut document, "_id")?, version.unsigned_abs()))
        };
        within(QUICK, self.field_of(ids, "version")).await?.into_iter().map(read).collect()
    }

    async fn statuses(&self, ids: &[SessionId]) -> Result<Vec<(SessionId, Status)>, StoreError> {
        let read = |mut document: Document| Ok((take(&mut document, "_id")?, take(&mut document, "status")?));
        within(SLOW, self.field_of(ids, "status")).await?.into_iter().map(read).collect()
    }

    /// Events go first, so that a crash in between leaves a session that can be deleted again; and last, because a step
    /// that was saved before the session went may have copied its events in the meantime.
    async fn delete(&self, id: SessionId) -> Result<bool, StoreError> {
        let Some(session) = within(
            QUICK,
            self.sessions.find_one(doc! { "_id": id.to_string() }).projection(doc! { "version": 1, "session.seq": 1 }),
        )
        .await?
        else {
            return Ok(false);
        };
        let seq = session.get_document("session").and_then(|it| it.get_i64("seq")).map_err(|_| unreadable())?;
        self.delete_events(id, seq).await?;
        let gone = within(QUICK, self.sessions.delete_one(doc! { "_id": id.to_string() })).await?.deleted_count == 1;
        self.delete_events(id, seq).await?;
        if self.guard.is_some() {
            let version = session.get_i64("version").map_err(|_| unreadable())?;
            self.delete_each("claims", (1..=version + IN_FLIGHT).map(|version| claim_id(id, version))).await?;
        }
        Ok(gone)
    }

    async fn list(&self, filter: &SessionFilter, limit: u32, offset: u64) -> Result<SessionPage, StoreError> {
        let mut matching = Document::new();
        if let Some(status) = filter.status {
            matching.insert("status", status.as_str());
        }
        if !filter.search.is_empty() {
            matching.insert("search", doc! { "$regex": literally(&filter.search.to_lowercase()) });
        }
        let page = async {
            let found = self
                .sessions
                .find(matching.clone())
                .projection(doc! { "summary": 1 })
                .sort(doc! { "created_at": -1, "_id": 1 })
                .skip(signed(offset).unsigned_abs())
                // 0 would mean: all of them.
                .limit(i64::from(limit.max(1)));
            found.await?.try_collect::<Vec<_>>().await
        };
        let count = self.sessions.count_documents(matching.clone());
        let (found, total) = tokio::try_join!(within(SLOW, page), within(SLOW, count))?;
        let sessions = found
            .into_iter()
            .take(limit as usize)
            .map(|mut document| take::<SessionSummary>(&mut document, "summary"))
            .collect::<Result<_, _>>()?;
        Ok(SessionPage { sessions, total })
    }

    async fn counts(&self) -> Result<SessionCounts, StoreError> {
        let count = async |status: Status| {
            within(SLOW, self.sessions.count_documents(doc! { "status": status.as_str() })).await
        };
        let (initialized, in_progress, completed) =
            tokio::try_join!(count(Status::Initialized), count(Status::InProgress), count(Status::Completed))?;
        Ok(SessionCounts { initialized, in_progress, completed })
    }

    async fn without_room(&self, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.flagged("needs_room", limit).await
    }

    async fn with_work(&self, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        self.flagged("needs_work", limit).await
    }

    async fn to_review(&self, limit: u32) -> Result<Vec<SessionSummary>, StoreError> {
        let found = async {
            let found = self
                .sessions
                .find(doc! { "urgency": { "$gt": 0 } })
                .projection(doc! { "summary": 1 })
                .sort(doc! { "urgency": -1, "created_at": 1, "_id": 1 })
                .limit(i64::from(limit.max(1)));
            found.await?.try_collect::<Vec<_>>().await
        };
        let found = within(SLOW, found).await?;
        found.into_iter().take(limit as usize).map(|mut document| take(&mut document, "summary")).collect()
    }

    async fn outdated(&self, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        let found = async {
            let without = doc! { "status": Status::Completed.as_str(), "needs_work": { "$exists": false } };
            let ungraded = doc! { "urgency": { "$gt": 0, "$lt": i64::from(GRAVER) } };
            let either = doc! { "$or": [without, ungraded] };
            let found = self.sessions.find(either).projection(doc! { "_id": 1 }).limit(i64::from(limit.max(1)));
            found.await?.try_collect::<Vec<_>>().await
        };
        let found = within(SLOW, found).await?;
        found.into_iter().take(limit as usize).map(|mut document| take(&mut document, "_id")).collect()
    }

    async fn ping(&self) -> Result<(), StoreError> {
        within(QUICK, self.database.run_command(doc! { "ping": 1 })).await.map(drop)
    }
}

impl MongoStore {
    /// `_id` and one field more of those of the sessions that are there.
    async fn field_of(&self, ids: &[SessionId], field: &str) -> Result<Vec<Document>, Error> {
        let (ids, wanted) = (ids.iter().map(SessionId::to_string), doc! { field: 1 });
        if self.guard.is_some() {
            // One by one, since such a server reads all sessions for any filter but a single `_id`.
            let find = |id| self.sessions.find_one(doc! { "_id": id }).projection(wanted.clone());
            let found = stream::iter(ids).map(|id| find(id).into_future()).buffer_unordered(AT_ONCE);
            return found.try_filter_map(async |found| Ok(found)).try_collect().await;
        }
        let those = doc! { "_id": { "$in": ids.collect::<Vec<_>>() } };
        self.sessions.find(those).projection(wanted).await?.try_collect().await
    }

    /// Ids of sessions with this flag, oldest first.
    async fn flagged(&self, flag: &str, limit: u32) -> Result<Vec<SessionId>, StoreError> {
        let found = async {
            let found = self
                .sessions
                .find(doc! { flag: true })
                .projection(doc! { "_id": 1 })
                .sort(doc! { "created_at": 1, "_id": 1 })
                .limit(i64::from(limit.max(1)));
            found.await?.try_collect::<Vec<_>>().await
        };
        let found = within(SLOW, found).await?;
        found.into_iter().take(limit as usize).map(|mut document| take(&mut document, "_id")).collect()
    }

    /// A place among those who write, where the server lets only a few at once.
    pub(super) async fn place(&self) -> Option<SemaphorePermit<'_>> {
        match &self.guard {
            Some(guard) => guard.place().await,
            None => None,
        }
    }

    async fn delete_events(&self, id: SessionId, seq: i64) -> Result<(), StoreError> {
        if self.guard.is_some() {
            self.delete_each("events", (1..=seq + IN_FLIGHT).map(|seq| event_id(id, seq))).await
        } else {
            within(SLOW, self.events.delete_many(all_events(id))).await.map(drop)
        }
    }

    /// Removes documents by `_id`, a filter each: the only kind that a guarded server does not read everything for.
    async fn delete_each(&self, collection: &str, ids: impl Iterator<Item = String>) -> Result<(), StoreError> {
        let mut deletes = ids.map(|id| doc! { "q": { "_id": id }, "limit": 1 }).peekable();
        while deletes.peek().is_some() {
            let some: Vec<_> = deletes.by_ref().take(DELETED_AT_ONCE).collect();
            let command = doc! { "delete": collection, "deletes": some, "ordered": false };
            within(SLOW, self.database.run_command(command)).await?;
        }
        Ok(())
    }
}

fn to_document(stored: &Stored) -> Result<Document, StoreError> {
    let session = &stored.session;
    Ok(doc! {
        "_id": session.id.to_string(),
        "version": signed(stored.version),
        "status": session.status.as_str(),
        "created_at": session.created_at.0,
        "needs_room": needs_room(session),
        "needs_work": session.needs_work(),
        "urgency": i64::from(session.undecided().urgency),
        "search": search_text(session),
        "summary": encode(&session.summary())?,
        "session": encode(session)?,
        "pending": encode(&stored.pending)?,
    })
}

fn to_event(id: SessionId, recorded: &Recorded) -> Result<Document, StoreError> {
    let seq = signed(recorded.seq);
    Ok(doc! {
        "_id": event_id(id, seq),
        "session": id.to_string(),
        "seq": seq,
        "at": recorded.at.0,
        "event": encode(&recorded.event)?,
    })
}

fn from_event(mut document: Document) -> Result<Recorded, StoreError> {
    let at = UnixMillis(document.get_i64("at").map_err(|_| unreadable())?);
    let event = decode(document.remove("event").ok_or_else(unreadable)?)?;
    Ok(Recorded { seq: take(&mut document, "seq")?, at, event })
}

/// Padded, so that the ids of a session's events are in the events' order.
fn event_id(id: SessionId, seq: i64) -> String {
    format!("{id}:{seq:010}")
}

/// A range of `_id`, which every server has an index for.
fn all_events(id: SessionId) -> Document {
    // `;` follows `:`.
    doc! { "_id": { "$gt": format!("{id}:"), "$lt": format!("{id};") } }
}

/// Whether all that went wrong is that events had been copied before.
fn all_were_there(error: &Error) -> bool {
    match error.kind.as_ref() {
        ErrorKind::InsertMany(failure) => {
            failure.write_concern_error.is_none()
                && failure.write_errors.iter().flatten().all(|write| write.code == DUPLICATE_KEY)
        }
        _ => false,
    }
}

/// A regular expression that means `text` itself.
fn literally(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 8);
    for letter in text.chars() {
        if r"\.+*?()|[]{}^$".contains(letter) {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}
