//! Waiting for what happens in the background.

use std::time::Duration;

/// How long things in the background may take. Far more than they do.
const PATIENCE: Duration = Duration::from_secs(20);

/// Between two looks.
const LOOK: Duration = Duration::from_millis(20);

/// What `act` gives, which is to be there in time; `awaited` says in the failure what did not come.
pub async fn in_time<T>(awaited: &str, act: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, act).await.unwrap_or_else(|_| panic!("waited in vain: {awaited}"))
}

/// Looks until `look` gives something; `awaited` says in the failure what did not come.
pub async fn eventually<T>(awaited: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let found = async {
        let mut interval = tokio::time::interval(LOOK);
        loop {
            interval.tick().await;
            if let Some(found) = look().await {
                return found;
            }
        }
    };
    in_time(awaited, found).await
}

/// Looks until `look` says yes.
pub async fn eventually_true(awaited: &str, mut look: impl AsyncFnMut() -> bool) {
    eventually(awaited, async || look().await.then_some(())).await;
}
