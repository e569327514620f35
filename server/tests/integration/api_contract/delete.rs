//! `DELETE /session/{id}`.

use serde_json::json;

use super::endpoints;
use crate::support::{
    app::{BASE, TestApp, session_id, session_path},
    backend::Backend,
    candidate::Candidate,
    stores::over_both_stores,
};

over_both_stores! {
    removes_everything_from_any_status,
}

async fn removes_everything_from_any_status(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (kept, kept_candidate) = app.invite(&["One?"]).await;
    for status in ["initialized", "in_progress", "completed"] {
        let (id, candidate) = app.invite(&["One?"]).await;
        if status != "initialized" {
            candidate.begin().await;
        }
        if status == "completed" {
            candidate.answer(0, "done").await;
        }
        assert_eq!(app.get_session(&id).await["session"]["status"], status);

        let deleted = app.api().delete(&session_path(&id)).await.ok();
        assert_eq!(deleted, json!({ "status": "success", "message": "Session deleted", "session_id": id }));
        is_gone(&app, &id, &candidate).await;
    }
    let stats = app.stats().await["stats"].clone();
    assert_eq!((&stats["total_sessions"], &stats["in_memory_sessions"]), (&json!(1), &json!(1)));
    let list = app.api().get(&format!("{BASE}/sessions")).await.ok();
    assert_eq!((&list["total"], &list["sessions"][0]["_id"]), (&json!(1), &json!(kept)));
    kept_candidate.begin().await;
    drop(app);
    nothing_is_left_but(backend, &kept).await;
}

async fn is_gone(app: &TestApp, id: &str, candidate: &Candidate) {
    for (method, path) in endpoints(id).into_iter().filter(|(_, path)| path.contains(id)) {
        let method = method.parse().expect("a method");
        let detail = app.api().send(method, &path, None, vec![]).await.problem(404);
        assert!(detail.contains(id), "{path}: {detail}");
    }
    for function in ["load_interview", "give_consent", "start_interview", "finish_interview", "join_room"] {
        let detail = candidate.call(function).await.rpc_error(404);
        assert!(!detail.contains(id), "a candidate is told no ids: {detail}");
    }
    app.state.sessions.events(session_id(id)).await.expect_err("no events without a session");
}

/// Looks into the store itself.
async fn nothing_is_left_but(backend: &Backend, kept: &str) {
    match backend {
        Backend::Mongo { .. } => {
            let database = backend.mongo_database().await;
            for collection in database.list_collection_names().await.expect("collections") {
                let documents = database.collection::<mongodb::bson::Document>(&collection);
                let mut cursor = documents.find(mongodb::bson::doc! {}).await.expect("documents");
                while cursor.advance().await.expect("a document") {
                    let text = cursor.deserialize_current().expect("a document").to_string();
                    assert!(collection == "records" || text.contains(kept), "{collection} still holds {text}");
                }
            }
        }
        Backend::Sqlite(_) => {
            let connection = backend.worker_file();
            for (table, column) in [("sessions", "id"), ("events", "session")] {
                let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} <> ?1");
                let rows: i64 =
                    connection.query_row(&sql, [session_id(kept).0.as_bytes()], |row| row.get(0)).expect("a count");
                assert_eq!(rows, 0, "{table}");
            }
        }
    }
}
