//! The tables, and how a file written by an older version gets them.

use app::ports::StoreError;
use rusqlite::Connection;

use super::store_error;

/// Each brings the file from the version of its index to the next. Never change one that was released: add another.
const MIGRATIONS: [&str; 7] = [
    include_str!("schema_1.sql"),
    include_str!("schema_2.sql"),
    include_str!("schema_3.sql"),
    include_str!("schema_4.sql"),
    include_str!("schema_5.sql"),
    include_str!("schema_6.sql"),
    include_str!("schema_7.sql"),
];

/// Settings of the writer's connection. Of pages that are written it keeps 2 MiB, as much as a reader: the system has the file in
/// memory as well. But a transaction's own pages, up to 64 MiB of them, wait for the commit, lest they are written twice.
const SETTINGS: &str = "PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    PRAGMA secure_delete = ON;
    PRAGMA temp_store = MEMORY;
    PRAGMA cache_size = -2048;
    PRAGMA cache_spill = -65536;
    PRAGMA wal_autocheckpoint = 4000;";

/// Makes commits durable, what is deleted unreadable, and readers independent of the writer, then brings the tables up to date.
pub(super) fn prepare(connection: &mut Connection) -> Result<(), StoreError> {
    connection.execute_batch(SETTINGS).map_err(store_error)?;
    let version: u32 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(store_error)?;
    if version as usize > MIGRATIONS.len() {
        return Err(StoreError::Failed(format!(
            "the data were written by a newer version of this server (schema {version}, known: {})",
            MIGRATIONS.len()
        )));
    }
    for (next, sql) in (1_u32..).zip(MIGRATIONS).skip(version as usize) {
        let step = connection.transaction().map_err(store_error)?;
        step.execute_batch(sql).map_err(store_error)?;
        step.pragma_update(None, "user_version", next).map_err(store_error)?;
        step.commit().map_err(store_error)?;
    }
    Ok(())
}
