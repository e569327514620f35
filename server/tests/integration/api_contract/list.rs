//! `GET /sessions`.

use serde_json::{Value, json};

use crate::support::{
    app::{BASE, TestApp, string},
    backend::Backend,
    stores::over_both_stores,
};

over_both_stores! {
    shows_what_the_contract_says,
    goes_newest_first_in_pages,
    filters_by_status,
    refuses_what_is_out_of_range,
}

async fn list(app: &TestApp, query: &str) -> Value {
    app.api().get(&format!("{BASE}/sessions{query}")).await.ok()
}

fn ids(list: &Value) -> Vec<String> {
    list["sessions"].as_array().expect("sessions").iter().map(|session| string(&session["_id"])).collect()
}

async fn shows_what_the_contract_says(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let empty = json!({ "status": "success", "sessions": [], "total": 0, "limit": 50, "offset": 0 });
    assert_eq!(list(&app, "").await, empty);

    let (first, candidate) = app.invite(&["One?", "Two?"]).await;
    candidate.begin().await;
    app.clock.advance_ms(90_061_007);
    let second = app.create(json!({ "questions": ["One?"], "name": "Zoë", "phone": "1" })).await;
    let expected = json!({
        "status": "success",
        "sessions": [
            {
                "_id": second["session_id"], "proctoring_session_id": second["session_id"],
                "user_details": { "name": "Zoë", "email": "ada@example.org", "phone": "1" }, "status": "initialized",
                "created_at": "2026-01-02T01:01:01.007Z", "job_id": null, "job_title": null,
                "question_index": 0, "consent_received": false,
            },
            {
                "_id": first, "proctoring_session_id": first,
                "user_details": { "name": "Ada Lovelace", "email": "ada@example.org", "phone": null },
                "status": "in_progress", "created_at": "2026-01-01T00:00:00Z", "job_id": null, "job_title": null,
                "question_index": 1, "consent_received": true,
            },
        ],
        "total": 2, "limit": 50, "offset": 0,
    });
    assert_eq!(list(&app, "").await, expected);
}

async fn goes_newest_first_in_pages(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let mut made = Vec::new();
    for _ in 0..5 {
        made.insert(0, app.invite(&["One?"]).await.0);
        app.clock.advance_ms(1);
    }
    assert_eq!(ids(&list(&app, "").await), made);
    for (query, expected, limit, offset) in [
        ("?limit=2", &made[..2], 2, 0),
        ("?limit=2&offset=2", &made[2..4], 2, 2),
        ("?offset=4&limit=2", &made[4..], 2, 4),
        ("?offset=5", &[], 50, 5),
        ("?limit=200&offset=9223372036854775807", &[], 200, i64::MAX),
        ("?limit=1&another=thing", &made[..1], 1, 0),
    ] {
        let page = list(&app, query).await;
        assert_eq!(ids(&page), expected, "{query}");
        assert_eq!((&page["total"], &page["limit"], &page["offset"]), (&json!(5), &json!(limit), &json!(offset)));
    }
}

async fn filters_by_status(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let mut made = Vec::new();
    for _ in 0..6 {
        made.push(app.invite(&["One?"]).await.0);
        app.clock.advance_ms(1);
    }
    for id in &made[1..] {
        app.start_session(id).await;
    }
    for id in &made[3..] {
        app.end_session(id).await;
    }
    made.reverse();
    for (status, expected) in [("completed", &made[..3]), ("in_progress", &made[3..5]), ("initialized", &made[5..])] {
        let page = list(&app, &format!("?status={status}")).await;
        assert_eq!(ids(&page), expected, "{status}");
        assert_eq!(page["total"], expected.len());
        for session in page["sessions"].as_array().expect("sessions") {
            assert_eq!(session["status"], status);
        }
    }
    let page = list(&app, "?status=completed&limit=1&offset=1").await;
    assert_eq!((ids(&page).as_slice(), &page["total"]), (&made[1..2], &json!(3)));
    assert_eq!(list(&app, "?status=").await["total"], 6, "an empty filter is none");
}

async fn refuses_what_is_out_of_range(backend: &Backend) {
    let app = TestApp::start(backend).await;
    for (query, named) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=-1", "limit"),
        ("limit=many", "limit"),
        ("limit=", "limit"),
        ("limit=1.5", "limit"),
        ("offset=-1", "offset"),
        ("offset=9223372036854775808", "offset"),
        ("offset=some", "offset"),
        ("status=done", "status"),
        ("status=COMPLETED", "status"),
        ("limit=1&limit=2", "limit"),
    ] {
        let detail = app.api().get(&format!("{BASE}/sessions?{query}")).await.problem(422);
        assert!(detail.contains(named), "{query}: {detail}");
    }
    for query in ["?limit=1", "?limit=200", "?offset=0"] {
        list(&app, query).await;
    }
}
