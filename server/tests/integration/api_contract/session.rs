//! `GET /session/{id}`.

use serde_json::json;

use crate::support::{app::TestApp, backend::Backend, stores::over_both_stores};

over_both_stores! {
    shows_what_the_contract_says,
    follows_the_interview,
}

async fn shows_what_the_contract_says(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let created =
        app.create(json!({ "questions": ["One?", "Two?"], "max_questions": 1, "coding_question_timer": 9 })).await;
    let id = created["session_id"].as_str().expect("an id");
    let shown = app.get_session(id).await;
    let expected = json!({
        "status": "success",
        "session": {
            "session_id": id, "user_details": { "name": "Ada Lovelace", "email": "ada@example.org", "phone": null },
            "is_active": false, "current_question_count": 0, "max_questions": 1, "consent_received": false,
            "reference_face_captured": false, "total_questions": 2, "current_question_index": 0, "average_score": 0.0,
            "proctoring_violations_count": 0, "status": "initialized",
        },
        "interview_state": {
            "dialogue_length": 0, "evaluations_count": 0, "text_question_timer": 120, "coding_question_timer": 9,
        },
        "livekit_room": null,
    });
    assert_eq!(shown, expected);
    assert!(shown["session"]["average_score"].is_f64());
}

/// What changes, step by step: active, questions delivered, index of the next one, utterances, consent.
async fn follows_the_interview(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["One?", "Two?"]).await;
    let expect = async |active: bool, delivered: u32, utterances: u32, consent: bool| {
        let shown = app.get_session(&id).await;
        let session = &shown["session"];
        assert_eq!(session["is_active"], active);
        assert_eq!(session["current_question_count"], delivered);
        assert_eq!(session["current_question_index"], delivered);
        assert_eq!(session["consent_received"], consent);
        assert_eq!(shown["interview_state"]["dialogue_length"], utterances);
    };
    app.start_session(&id).await;
    expect(true, 0, 0, false).await;
    candidate.consent().await;
    expect(true, 0, 0, true).await;
    candidate.start().await;
    expect(true, 1, 1, true).await;
    candidate.answer(0, "first").await;
    expect(true, 2, 3, true).await;
    candidate.answer(1, "").await;
    expect(false, 2, 3, true).await;
}
