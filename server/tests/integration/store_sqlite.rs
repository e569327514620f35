//! What holds for the embedded store alone.

use std::time::Duration;

use app::ports::{RecordKind, StoreError};
use futures::future::join_all;
use serde_json::json;

use crate::support::{
    app::{BASE, TestApp, session_id},
    backend::Backend,
    build::{full_session, new_session},
    clock::{START, TestClock},
    eventually::eventually_true,
};

#[tokio::test]
async fn a_second_server_on_the_same_directory_is_refused() {
    let backend = Backend::sqlite();
    let first = backend.open(TestClock::new()).await;
    match backend.try_open(TestClock::new()).await {
        Err(StoreError::Unavailable(text)) => assert!(text.contains("another server"), "{text}"),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("both would believe they are alone"),
    }
    drop(first);
    backend.open(TestClock::new()).await;
}

#[tokio::test]
async fn everything_acknowledged_is_there_after_a_restart() {
    let backend = Backend::sqlite();
    let stores = backend.open(TestClock::new()).await;
    let made: Vec<_> = (0..200).map(|number| full_session(&format!("Candidate {number}"), START)).collect();
    let inserts = join_all(made.iter().map(|stored| stores.sessions.insert(stored))).await;
    assert!(inserts.iter().all(Result::is_ok));
    drop(stores);

    let store = backend.open(TestClock::new()).await.sessions;
    assert_eq!(store.counts().await.unwrap().in_progress, 200);
    for stored in &made {
        assert_eq!(store.load(stored.session.id).await.unwrap().expect("a session").session, stored.session);
        assert_eq!(store.events(stored.session.id).await.unwrap(), stored.pending);
    }
}

#[tokio::test]
async fn a_conflict_leaves_its_neighbours_in_the_batch_alone() {
    let backend = Backend::sqlite();
    let store = backend.open(TestClock::new()).await.sessions;
    let made: Vec<_> = (0..50).map(|number| new_session(&format!("Candidate {number}"), START)).collect();
    let twice = join_all(made.iter().chain(&made).map(|stored| store.insert(stored))).await;
    assert!(twice[..50].iter().all(Result::is_ok));
    assert!(twice[50..].iter().all(|second| matches!(second, Err(StoreError::Conflict))));
    assert_eq!(store.counts().await.unwrap().initialized, 50);
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_data() {
    use std::os::unix::fs::PermissionsExt;

    let parent = tempfile::tempdir().unwrap();
    let dir = parent.path().join("made/by/the/store");
    let store = server::store::SqliteStore::open(&dir, TestClock::new()).unwrap();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&dir), 0o700);
    for entry in dir.read_dir().unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
    drop(store);
}

/// What makes a file of one that is from before records had summaries.
const WITHOUT_SUMMARIES: &str = "DROP INDEX records_summaries; ALTER TABLE records DROP COLUMN summary;
    UPDATE records SET value = json_remove(value, '$.summary') WHERE kind IN ('job', 'invitations');";

#[tokio::test]
async fn jobs_and_lists_from_before_there_were_summaries_are_listed() {
    let backend = Backend::sqlite();
    let app = TestApp::start(&backend).await;
    let job = app.make_job().await;
    let begun = app.api().post_text(&format!("{BASE}/jobs/{job}/invitations"), "Ada,ada@example.org").await;
    assert_eq!(begun.status, 202);
    let file = backend.worker_file();
    file.execute_batch(WITHOUT_SUMMARIES).unwrap();
    file.pragma_update(None, "user_version", 6).unwrap();
    drop(file);
    let app = app.restart(&backend).await;
    assert_eq!(app.state.jobs.find("", 9, 0).await.unwrap().items[0].id.0, job);
    let lists = app.state.invitations.list(9, 0).await.unwrap();
    assert_eq!((lists.total, lists.items[0].lines), (1, 1));
    let file = backend.worker_file();
    let summaries = "SELECT COUNT(summary) FROM records";
    assert_eq!(file.query_row(summaries, [], |row| row.get::<_, i64>(0)).unwrap(), 2, "they have theirs now");
}

#[tokio::test]
async fn interviews_that_ended_before_there_were_reports_have_work() {
    let backend = Backend::sqlite();
    let store = backend.open(TestClock::new()).await.sessions;
    let (mut old, mut new) = (full_session("Old", START), full_session("New", START));
    for stored in [&mut old, &mut new] {
        stored.session.status = app::model::Status::Completed;
        stored.session.answers.clear();
        stored.session.announced = stored.session.to_announce();
        store.insert(stored).await.unwrap();
    }
    assert_eq!(store.with_work(9).await.unwrap(), []);
    drop(store);
    let file = backend.worker_file();
    let id = old.session.id.0.as_bytes();
    file.execute("UPDATE sessions SET snapshot = json_remove(snapshot, '$.announced') WHERE id = ?1", [id]).unwrap();
    // What came later is not there yet.
    file.execute_batch("DROP TABLE blobs; DROP INDEX sessions_to_review; ALTER TABLE sessions DROP COLUMN urgency;")
        .unwrap();
    file.execute_batch(WITHOUT_SUMMARIES).unwrap();
    file.pragma_update(None, "user_version", 2).unwrap();
    drop(file);
    let store = backend.open(TestClock::new()).await.sessions;
    assert_eq!(store.with_work(9).await.unwrap(), [old.session.id]);
}

/// Neither in the file nor in the log of writes beside it, which would keep it for much longer.
#[tokio::test]
async fn what_was_deleted_is_soon_not_in_the_files_any_more() {
    const NAME: &str = "Unforgettable";
    let backend = Backend::sqlite();
    let clock = TestClock::new();
    let stores = backend.open(clock.clone()).await;
    let stored = full_session(NAME, START);
    let id = stored.session.id;
    stores.sessions.insert(&stored).await.unwrap();
    stores.records.put(RecordKind::Draft, "a", NAME, None).await.unwrap();
    stores.blobs.put_new(id, "face", NAME.as_bytes()).await.unwrap();
    assert!(backend.holds(NAME));
    stores.sessions.delete(id).await.unwrap();
    stores.records.take(RecordKind::Draft, "a").await.unwrap();
    stores.blobs.erase(id).await.unwrap();
    clock.advance_s(60);
    // The second is written when everything after the first is done.
    for key in ["b", "c"] {
        stores.records.put(RecordKind::Draft, key, "text", None).await.unwrap();
    }
    assert!(!backend.holds(NAME));
}

/// Background work reads the store in many places at once, and waits for no more than a few of them.
#[tokio::test]
async fn much_background_work_at_once_leaves_room_for_others() {
    let backend = Backend::sqlite();
    let app = TestApp::start(&backend).await;
    let nobody = json!({ "url": "http://127.0.0.1:9/" });
    join_all((0..8).map(async |_| app.api().post(&format!("{BASE}/webhooks"), &nobody).await.ok())).await;
    let ids = join_all((0..64).map(async |_| {
        let (id, candidate) = app.invite(&["Why?"]).await;
        candidate.begin().await;
        candidate.answer(0, "Because of the lock.").await;
        id
    }));
    let ids = ids.await;
    let chores = tokio::spawn(server::chores(app.state.clone()));
    for id in ids {
        let id = session_id(&id);
        eventually_true("a report is made", async || app.state.work.report(id).await.unwrap().is_some()).await;
    }
    let list = format!("{BASE}/sessions?limit=1");
    tokio::time::timeout(Duration::from_secs(10), app.api().get(&list)).await.expect("an answer").ok();
    chores.abort();
}
