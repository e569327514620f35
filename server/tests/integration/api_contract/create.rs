//! `POST /create`.

use serde_json::{Value, json};
use uuid::Uuid;

use super::{create_path, wish};
use crate::support::{
    app::{TestApp, string},
    backend::Backend,
    stores::over_both_stores,
};

over_both_stores! {
    answers_what_the_contract_says,
    fills_in_defaults,
    takes_null_as_left_out,
    clamps_max_questions,
    refuses_what_is_wrong,
    knows_no_jobs_yet,
    takes_the_largest_body_and_no_larger,
    asks_only_max_questions,
}

async fn answers_what_the_contract_says(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let wish = json!({
        "name": "Ada Lovelace", "email": "ada@example.org", "phone": "+49 30 1", "questions": ["One?", "Two?", "Reverse it."],
        "question_types": ["text", "text", "coding"], "max_questions": 2, "text_question_timer": 60, "coding_question_timer": 90,
    });
    let created = app.api().post(&create_path(), &wish).await.ok();
    let id = string(&created["session_id"]);
    Uuid::parse_str(&id).expect("a UUID");
    let join_url = string(&created["join_url"]);
    assert!(join_url.starts_with(&format!("{}/i/", app.url)), "{join_url}");
    assert_eq!(
        created,
        json!({
            "status": "success", "session_id": id, "join_url": join_url,
            "warning": "LiveKit room creation failed, using fallback mode",
            "user_details": { "name": "Ada Lovelace", "email": "ada@example.org", "phone": "+49 30 1" },
            "interview_config": {
                "total_questions": 3, "max_questions": 2, "text_question_timer": 60, "coding_question_timer": 90,
                "question_types": ["text", "text", "coding"],
            },
        })
    );
    let other = app.api().post(&create_path(), &wish).await.ok();
    assert_ne!(other["session_id"], created["session_id"]);
    assert_ne!(other["join_url"], created["join_url"]);
}

async fn fills_in_defaults(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let created = app.api().post(&create_path(), &wish()).await.ok();
    let defaults = json!({
        "total_questions": 3, "max_questions": 3, "text_question_timer": 120, "coding_question_timer": 300,
        "question_types": ["text", "text", "text"],
    });
    assert_eq!(created["interview_config"], defaults);
    assert_eq!(created["user_details"], json!({ "name": "Ada Lovelace", "email": "ada@example.org", "phone": null }));
}

async fn takes_null_as_left_out(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let mut wish = wish();
    for field in ["phone", "job_id", "question_types", "max_questions", "text_question_timer", "coding_question_timer"]
    {
        wish[field] = Value::Null;
    }
    wish["something_else"] = json!({ "clients may": "send more" });
    let created = app.api().post(&create_path(), &wish).await.ok();
    assert_eq!(created["interview_config"]["max_questions"], 3);
    assert_eq!(created["interview_config"]["text_question_timer"], 120);
}

async fn clamps_max_questions(backend: &Backend) {
    let app = TestApp::start(backend).await;
    for (wanted, taken) in [(1, 1), (3, 3), (4, 3), (4_000_000, 3)] {
        let created = app.create(json!({ "questions": ["One?", "Two?", "Three?"], "max_questions": wanted })).await;
        assert_eq!(created["interview_config"]["max_questions"], taken, "{wanted}");
        assert_eq!(created["interview_config"]["total_questions"], 3);
    }
}

async fn refuses_what_is_wrong(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let post = async |body: &str| app.api().post_text(&create_path(), body).await.problem(400);
    for body in ["", "{", "name=Ada", "[]", "\"text\"", "null", "{\"name\":}", "\u{feff}{}"] {
        post(body).await;
    }
    // What is changed, and what the message must name.
    let cases = [
        (json!({ "name": null }), "`name`"),
        (json!({ "name": "" }), "`name`"),
        (json!({ "name": " \t" }), "`name`"),
        (json!({ "name": "x".repeat(201) }), "`name`"),
        (json!({ "email": null }), "`email`"),
        (json!({ "email": "" }), "`email`"),
        (json!({ "email": "ada" }), "`email`"),
        (json!({ "phone": "1".repeat(51) }), "`phone`"),
        (json!({ "questions": null }), "`questions`"),
        (json!({ "questions": [] }), "`questions`"),
        (json!({ "questions": ["", " \n"] }), "`questions`"),
        (json!({ "questions": ["x".repeat(10_001)] }), "Question 1"),
        (json!({ "questions": vec!["One?"; 201] }), "`questions`"),
        (json!({ "question_types": ["text"] }), "`question_types`"),
        (json!({ "question_types": ["text", "text", "text", "text"] }), "`question_types`"),
        (json!({ "question_types": ["text", "text", "oral"] }), "oral"),
        (json!({ "max_questions": 0 }), "max_questions"),
        (json!({ "max_questions": -1 }), "-1"),
        (json!({ "max_questions": 1.5 }), "1.5"),
        (json!({ "max_questions": "3" }), "string"),
        (json!({ "text_question_timer": 0 }), "text_question_timer"),
        (json!({ "text_question_timer": -60 }), "-60"),
        (json!({ "coding_question_timer": 0 }), "coding_question_timer"),
        (json!({ "coding_question_timer": "300" }), "string"),
        (json!({ "name": 7 }), "7"),
        (json!({ "email": ["ada@example.org"] }), "sequence"),
        (json!({ "questions": "One?" }), "One?"),
        (json!({ "questions": ["One?", 2] }), "2"),
    ];
    for (change, named) in cases {
        let mut wish = wish();
        for (field, value) in change.as_object().expect("fields") {
            wish[field] = value.clone();
        }
        let detail = post(&wish.to_string()).await;
        assert!(detail.contains(named), "{change} is refused with: {detail}");
    }
    for field in ["name", "email", "questions"] {
        let mut wish = wish();
        wish.as_object_mut().expect("fields").remove(field);
        let detail = post(&wish.to_string()).await;
        assert!(detail.contains(field), "without {field}: {detail}");
    }
    assert_eq!(app.stats().await["stats"]["total_sessions"], 0, "nothing was made");
}

async fn knows_no_jobs_yet(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let wish = json!({ "name": "Ada", "email": "ada@example.org", "job_id": "64f0c2" });
    let detail = app.api().post(&create_path(), &wish).await.problem(404);
    assert!(detail.contains("64f0c2"), "{detail}");
}

async fn takes_the_largest_body_and_no_larger(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let limit = 256 * 1024;
    let padded = |length: usize| {
        let mut body = wish().to_string();
        body.push_str(&" ".repeat(length - body.len()));
        body
    };
    app.api().post_text(&create_path(), &padded(limit)).await.ok();
    let detail = app.api().post_text(&create_path(), &padded(limit + 1)).await.problem(413);
    assert!(detail.contains("256 KiB"), "{detail}");
    app.api().post_text(&create_path(), &padded(3 * limit)).await.problem(413);
}

async fn asks_only_max_questions(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let created = app.create(json!({ "questions": ["One?", "Two?", "Three?"], "max_questions": 2 })).await;
    let candidate = app.candidate(&created);
    assert_eq!(candidate.begin().await["text_questions"], 2);
    assert_eq!(candidate.answer(0, "1").await["question"]["text"], "Two?");
    let view = candidate.answer(1, "2").await;
    assert_eq!((&view["status"], &view["question"]), (&json!("completed"), &Value::Null));
}
