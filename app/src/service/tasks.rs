//! Work of which several pieces are under way at once.
//!
//! Each is a task of its own. A future that is kept in a collection stands still while its keeper waits for something else, with
//! all that it holds: a lock, a turn at the store. If that is what the keeper waits for, both wait for ever.

use std::panic::resume_unwind;

use tokio::task::JoinSet;

/// What the next task that ends gives back; `None` when there are none. A task's panic is passed on.
pub(super) async fn joined<T: 'static>(tasks: &mut JoinSet<T>) -> Option<T> {
    while let Some(ended) = tasks.join_next().await {
        match ended.map_err(tokio::task::JoinError::try_into_panic) {
            Ok(given) => return Some(given),
            Err(Ok(panic)) => resume_unwind(panic),
            // Cut off, as the program ends.
            Err(Err(_)) => {}
        }
    }
    None
}
