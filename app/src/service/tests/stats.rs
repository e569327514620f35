use std::time::Duration;

use tokio::time::Instant;

use super::{fakes::*, in_progress};
use crate::{
    interview::Command,
    model::{Actor, Stats},
};

#[tokio::test(start_paused = true)]
async fn the_figures_come_from_store_memory_and_livekit() {
    let world = World::shared();
    let worker = world.worker().await;
    create(&worker, 1).await;
    in_progress(&worker, 1).await;
    let ended = in_progress(&worker, 1).await;
    worker.rooms.step_to_end(ended, &Command::End { by: Actor::Api }).await.unwrap();
    world.media.add_room("lobby");
    let figures = Stats {
        total_sessions: 3,
        active_sessions: 1,
        completed_sessions: 1,
        initialized_sessions: 1,
        in_memory_sessions: 2,
        active_livekit_rooms: 2,
        stale: vec![],
    };
    assert_eq!(worker.stats.read().await, figures);

    world.media.hang();
    world.store.be_unavailable(1);
    let began = Instant::now();
    let stale = vec!["store".to_owned(), "livekit".to_owned()];
    assert_eq!(worker.stats.read().await, Stats { stale, ..figures.clone() }, "the last known ones");
    let took = began.elapsed();
    assert!((Duration::from_secs(1)..Duration::from_secs(3)).contains(&took), "took {took:?}");
    assert_eq!(worker.stats.read().await, Stats { stale: vec!["livekit".to_owned()], ..figures });
}
