//! `/jobs`: sets of questions, by the API.

use axum::http::Method;
use futures::future::join_all;
use serde_json::{Value, json};

use crate::support::{
    app::{BASE, TestApp, string},
    backend::Backend,
    jobs::{job, other_methods_are_refused, strangers_are_refused, too_much},
    stores::over_both_stores,
};

over_both_stores! {
    a_job_is_made_read_listed_changed_and_deleted,
    what_is_exported_can_be_sent_again,
    a_wrong_job_is_refused_with_what_is_wrong,
    a_change_of_an_older_revision_is_a_conflict,
    changes_at_once_lose_nothing_unsaid,
    jobs_come_in_pages,
    unknown_jobs_are_not_found,
    a_repeated_create_makes_one_job,
    only_callers_with_a_key_or_a_login_get_in,
}

fn jobs() -> String {
    format!("{BASE}/jobs")
}

fn path(id: &str) -> String {
    format!("{BASE}/jobs/{id}")
}

async fn a_job_is_made_read_listed_changed_and_deleted(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let made = app.api().post(&jobs(), &job()).await.ok();
    let id = string(&made["job"]["id"]);
    assert_eq!(made["status"], "success");
    assert_eq!((&made["job"]["revision"], &made["job"]["max_questions"]), (&json!(1), &json!(2)));
    assert_eq!(made["job"]["coding_question_timer"], 300, "the default");
    assert_eq!(made["job"]["questions"][0]["type"], "text");
    assert_eq!(made["job"]["questions"][0]["rubric"]["key_points"][0], json!({ "text": "bind", "weight": 3 }));
    assert_eq!(made["job"]["created_at"], "2026-01-01T00:00:00Z");
    assert_eq!(app.api().get(&path(&id)).await.ok(), made);

    app.clock.advance_s(60);
    let other = app.make_job().await;
    let listed =
        |list: Value| list["jobs"].as_array().unwrap().iter().map(|job| string(&job["id"])).collect::<Vec<_>>();
    assert_eq!(listed(app.api().get(&jobs()).await.ok()), [other.clone(), id.clone()], "changed last, first");

    app.clock.advance_s(60);
    let mut change = job();
    change["title"] = json!("Changed");
    change["max_questions"] = json!(1);
    change["revision"] = json!(1);
    let changed = app.admin().await.put(&path(&id), &change).await.ok();
    assert_eq!((&changed["job"]["title"], &changed["job"]["revision"]), (&json!("Changed"), &json!(2)));
    assert_eq!(changed["job"]["created_at"], made["job"]["created_at"]);
    assert_eq!(changed["job"]["updated_at"], "2026-01-01T00:02:00Z");
    assert_eq!(listed(app.api().get(&jobs()).await.ok()), [id.clone(), other]);

    let created = app.create(json!({ "job_id": id })).await;
    assert_eq!(created["interview_config"]["max_questions"], 1);
    let gone = app.api().delete(&path(&id)).await.ok();
    assert_eq!(gone, json!({ "status": "success", "message": "Job deleted", "job_id": id }));
    app.api().get(&path(&id)).await.problem(404);
    app.get_session(created["session_id"].as_str().unwrap()).await;
}

async fn jobs_come_in_pages(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let none = json!({ "status": "success", "jobs": [], "total": 0, "limit": 50, "offset": 0 });
    assert_eq!(app.api().get(&jobs()).await.ok(), none);
    let mut made = Vec::new();
    for _ in 0..5 {
        made.insert(0, app.make_job().await);
        app.clock.advance_ms(1);
    }
    for (query, expected, limit, offset) in [
        ("", &made[..], 50, 0),
        ("?limit=2", &made[..2], 2, 0),
        ("?limit=2&offset=2", &made[2..4], 2, 2),
        ("?offset=4&limit=2", &made[4..], 2, 4),
        ("?offset=5", &[], 50, 5),
        ("?limit=200&offset=9223372036854775807", &[], 200, i64::MAX),
        ("?limit=1&another=thing", &made[..1], 1, 0),
    ] {
        let page = app.api().get(&format!("{}{query}", jobs())).await.ok();
        let ids: Vec<String> = page["jobs"].as_array().unwrap().iter().map(|job| string(&job["id"])).collect();
        assert_eq!(ids, expected, "{query}");
        assert_eq!((&page["total"], &page["limit"], &page["offset"]), (&json!(5), &json!(limit), &json!(offset)));
    }
    let whole = app.api().get(&format!("{}?limit=1", jobs())).await.ok()["jobs"][0].clone();
    assert_eq!(whole, app.api().get(&path(&made[0])).await.ok()["job"], "as a whole");
    for (query, named) in [
        ("limit=0", "limit"),
        ("limit=201", "limit"),
        ("limit=many", "limit"),
        ("limit=", "limit"),
        ("offset=-1", "offset"),
        ("offset=9223372036854775808", "offset"),
        ("limit=1&limit=2", "limit"),
    ] {
        let detail = app.api().get(&format!("{}?{query}", jobs())).await.problem(422);
        assert!(detail.contains(named), "{query}: {detail}");
    }
}

async fn what_is_exported_can_be_sent_again(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let first = app.api().get(&path(&app.make_job().await)).await.ok()["job"].clone();
    let copy = app.api().post(&jobs(), &first).await.ok()["job"].clone();
    assert_ne!(copy["id"], first["id"]);
    for field in ["title", "description", "questions", "text_question_timer", "coding_question_timer", "max_questions"]
    {
        assert_eq!(copy[field], first[field], "{field}");
    }
}

async fn a_wrong_job_is_refused_with_what_is_wrong(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let id = app.make_job().await;
    let wrong = [
        (json!({ "title": " " }), "`title`"),
        (json!({ "questions": [] }), "question"),
        (json!({ "questions": [{ "text": " " }] }), "question"),
        (json!({ "questions": [{ "text": "One?", "type": "song" }] }), "song"),
        (json!({ "questions": "One?" }), "wrong kind"),
        (json!({ "text_question_timer": 0 }), "`text_question_timer`"),
        (json!({ "max_questions": 0 }), "`max_questions`"),
        (
            json!({ "questions": [{ "text": "One?", "rubric": { "key_points": [{ "text": "a", "weight": 11 }] } }] }),
            "weight",
        ),
    ];
    for (change, named) in wrong {
        let mut body = job();
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        for reply in [app.api().post(&jobs(), &body).await, app.api().put(&path(&id), &body).await] {
            let detail = reply.problem(400);
            assert!(detail.contains(named), "{detail}");
        }
    }
    for text in ["", "[]", "{"] {
        app.api().post_text(&jobs(), text).await.problem(400);
    }
    app.api().send(Method::POST, &jobs(), None, too_much()).await.problem(413);
    app.api().send(Method::PUT, &path(&id), None, too_much()).await.problem(413);
    assert_eq!(app.api().get(&jobs()).await.ok()["jobs"].as_array().unwrap().len(), 1);
    assert_eq!(app.api().get(&path(&id)).await.ok()["job"]["revision"], 1);
}

async fn a_change_of_an_older_revision_is_a_conflict(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let id = app.make_job().await;
    let change = |revision: u32, title: &str| {
        let mut body = job();
        body["revision"] = json!(revision);
        body["title"] = json!(title);
        body
    };
    app.api().put(&path(&id), &change(1, "Once")).await.ok();
    for revision in [0, 1, 3] {
        let detail = app.api().put(&path(&id), &change(revision, "Otherwise")).await.problem(409);
        assert!(detail.contains("Somebody else"), "{detail}");
    }
    assert_eq!(app.api().put(&path(&id), &change(1, "Once")).await.ok()["job"]["revision"], 2, "it is so already");
    assert_eq!(app.api().put(&path(&id), &change(2, "Twice")).await.ok()["job"]["revision"], 3);
    assert_eq!(app.api().put(&path(&id), &job()).await.ok()["job"]["revision"], 4, "without one, whatever is there");
}

async fn changes_at_once_lose_nothing_unsaid(backend: &Backend) {
    let app = TestApp::start(backend).await;
    for _ in 0..4 {
        let id = app.make_job().await;
        let bodies = (0..6).map(|number| {
            let mut body = job();
            (body["revision"], body["title"]) = (json!(1), json!(format!("Title {number}")));
            body
        });
        let bodies: Vec<_> = bodies.collect();
        let (client, place) = (app.api(), path(&id));
        let replies = join_all(bodies.iter().map(|body| client.put(&place, body))).await;
        let taken = replies.iter().filter(|reply| reply.status == 200).count();
        assert_eq!(taken, 1);
        replies.iter().filter(|reply| reply.status != 200).for_each(|reply| drop(reply.problem(409)));

        let unsaid = job();
        let (gone, changed) = futures::join!(client.delete(&place), client.put(&place, &unsaid));
        gone.ok();
        assert!(matches!(changed.status, 200 | 404), "{}", changed.text);
        client.get(&place).await.problem(404);
    }
}

async fn unknown_jobs_are_not_found(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let id = app.make_job().await;
    app.api().delete(&path(&id)).await.ok();
    for unknown in [id.as_str(), "x", "%00", "..%2f..%2fstats", "%F0%9F%A4%94"] {
        app.api().get(&path(unknown)).await.problem(404);
        app.api().put(&path(unknown), &job()).await.problem(404);
        app.api().delete(&path(unknown)).await.problem(404);
        app.api().post_text(&format!("{}/invitations", path(unknown)), "Ada,ada@example.org").await.problem(404);
    }
}

async fn a_repeated_create_makes_one_job(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let client = app.api().keyed("order 66");
    let replies = join_all((0..6).map(|_| async { client.post(&jobs(), &job()).await.ok() })).await;
    assert!(replies.iter().all(|reply| *reply == replies[0]), "{replies:?}");
    let id = string(&replies[0]["job"]["id"]);
    app.clock.advance_s(3600);
    let mut change = job();
    change["title"] = json!("Changed");
    app.api().put(&path(&id), &change).await.ok();
    assert_eq!(client.post(&jobs(), &job()).await.ok(), replies[0], "the first result");
    let detail = client.post(&jobs(), &change).await.problem(422);
    assert!(detail.contains("Idempotency-Key"), "{detail}");
    client
        .post(&format!("{BASE}/create"), &json!({ "name": "A", "email": "a@example.org", "job_id": id }))
        .await
        .problem(422);
    app.api().keyed("").post(&jobs(), &job()).await.problem(400);
    app.api().keyed(&"k".repeat(256)).post(&jobs(), &job()).await.problem(400);
    let admins = app.admin().await.keyed("order 66").post(&jobs(), &change).await.ok();
    assert_ne!(string(&admins["job"]["id"]), id, "keys belong to their owner");

    let app = app.restart(backend).await;
    let client = app.api().keyed("order 66");
    assert_eq!(client.post(&jobs(), &job()).await.ok(), replies[0], "after a restart too");
    app.api().delete(&path(&id)).await.ok();
    let anew = string(&client.post(&jobs(), &job()).await.ok()["job"]["id"]);
    assert_ne!(anew, id, "the key is free again");
    app.clock.advance_s(24 * 3600 + 1);
    assert_ne!(string(&client.post(&jobs(), &job()).await.ok()["job"]["id"]), anew, "good for a day");
}

async fn only_callers_with_a_key_or_a_login_get_in(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let id = app.make_job().await;
    let endpoints = [
        (Method::GET, jobs()),
        (Method::POST, jobs()),
        (Method::GET, path(&id)),
        (Method::PUT, path(&id)),
        (Method::DELETE, path(&id)),
    ];
    strangers_are_refused(&app, &endpoints).await;
    other_methods_are_refused(&app, &endpoints).await;
    assert_eq!(app.admin().await.get(&path(&id)).await.ok()["job"]["revision"], 1, "strangers changed nothing");
}
