//! `GET /stats`.

use serde_json::json;

use crate::support::{app::TestApp, backend::Backend, stores::over_both_stores};

over_both_stores! {
    counts_what_there_is,
}

async fn counts_what_there_is(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let expect = async |initialized: u64, active: u64, completed: u64| {
        let expected = json!({
            "status": "success",
            "stats": {
                "total_sessions": initialized + active + completed, "active_sessions": active,
                "completed_sessions": completed, "initialized_sessions": initialized,
                // This worker made them all, and completed ones are not held.
                "in_memory_sessions": initialized + active, "active_livekit_rooms": 0,
            },
        });
        assert_eq!(app.stats().await, expected);
    };
    expect(0, 0, 0).await;
    let (first, candidate) = app.invite(&["One?"]).await;
    let (second, _) = app.invite(&["One?"]).await;
    app.invite(&["One?"]).await;
    expect(3, 0, 0).await;
    app.start_session(&first).await;
    app.start_session(&second).await;
    expect(1, 2, 0).await;
    app.end_session(&second).await;
    expect(1, 1, 1).await;
    candidate.begin().await;
    candidate.answer(0, "done").await;
    expect(1, 0, 2).await;
}
