//! Where sessions, records and recordings are kept: the embedded store and MongoDB, behind the same ports.

pub(crate) mod files;
pub mod mongo;
pub mod sqlite;

pub use mongo::MongoStore;
pub use sqlite::SqliteStore;

use app::model::{RoomState, Session, Status};

/// What a search looks into: name, e-mail address and job title in lower case, a line each, so that no match spans two of them.
fn search_text(session: &Session) -> String {
    let title = session.job.as_ref().map_or("", |job| job.title.as_str());
    format!("{}\n{}\n{title}", session.candidate.name, session.candidate.email).to_lowercase()
}

/// Whether a room is still to be made for this session.
fn needs_room(session: &Session) -> bool {
    session.room.state == RoomState::Absent && session.status != Status::Completed
}
