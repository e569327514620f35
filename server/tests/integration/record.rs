//! What candidates see of what is kept about them.

use app::interview::Command;
use axum::http::{Method, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::support::{
    app::TestApp,
    backend::Backend,
    build::review,
    candidate::Candidate,
    client::Reply,
    proctoring::{FLAG, PICTURE},
    stores::over_both_stores,
};

over_both_stores! {
    before_consent_there_is_nothing,
    candidates_see_what_was_noticed_and_say_what_they_think,
    decisions_are_told_after_the_interview,
    what_is_kept_can_be_downloaded,
    a_log_can_be_read_after_the_interview,
    a_link_opens_one_record_only,
}

fn page(candidate: &Candidate) -> String {
    format!("/i/{}/record", candidate.invite)
}

async fn explain(candidate: &Candidate, violation: &str, note: &str) -> Reply {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs([("violation", violation), ("note", note)]);
    let content = Some("application/x-www-form-urlencoded");
    let client = candidate.client.with(header::ACCEPT, "text/html");
    client.send(Method::POST, &page(candidate), content, form.finish().into_bytes()).await
}

/// The page, which says nothing of admins' pages.
fn shown(reply: &Reply, status: u16) -> &str {
    assert_eq!(reply.status, status, "{}", reply.text);
    assert_eq!(reply.header("referrer-policy"), "same-origin");
    assert_eq!(reply.header("cache-control"), "no-store");
    assert!(reply.header("content-security-policy").starts_with("default-src 'none'"));
    assert!(!reply.text.contains("/admin"), "{}", reply.text);
    &reply.text
}

async fn before_consent_there_is_nothing(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (_, candidate) = app.invite(&["One?"]).await;
    let seen = candidate.client.get(&page(&candidate)).await;
    assert!(shown(&seen, 200).contains("Nothing is recorded yet"), "{}", seen.text);
    assert!(!seen.text.contains("What was noticed"));
    let early = candidate.client.get(&format!("{}/download", page(&candidate))).await;
    assert!(shown(&early, 409).contains("not over"));
    shown(&explain(&candidate, FLAG, "I was there.").await, 404);
}

async fn candidates_see_what_was_noticed_and_say_what_they_think(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["One?"]).await;
    candidate.begin().await;
    app.flag(&id).await;
    let seen = candidate.client.get(&page(&candidate)).await;
    for text in ["Nobody was seen", "for information only", "kept for 30 days", "hints for people, not verdicts"] {
        assert!(shown(&seen, 200).contains(text), "{text} in {}", seen.text);
    }
    assert!(!seen.text.contains("browser&#x27;s tools") && !seen.text.contains("devtools"), "it is not shown");
    assert!(!seen.text.contains("the page claimed"), "what the server found is for admins");

    let refused = explain(&candidate, FLAG, "  ").await;
    assert!(shown(&refused, 400).contains("Write 1 to 1000 characters"), "{}", refused.text);
    let long = "x".repeat(1_001);
    assert!(shown(&explain(&candidate, FLAG, &long).await, 400).contains(&long), "what was written is not lost");
    for hidden in ["4000-devtools", "1-no_face"] {
        shown(&explain(&candidate, hidden, "No.").await, 404);
    }
    shown(&explain(&candidate, "x", "No.").await, 400);
    let done = explain(&candidate, FLAG, "The <light> failed.\r\nSorry!").await;
    assert_eq!((done.status, done.header("location")), (303, format!("{}?noted=true", page(&candidate)).as_str()));
    let app = app.restart(backend).await;
    let candidate = Candidate::new(app.anonymous(), &candidate.invite);
    let seen = candidate.client.get(&page(&candidate)).await;
    assert!(shown(&seen, 200).contains("The &lt;light&gt; failed.\nSorry!"), "{}", seen.text);
    let proctoring = app.admin().await.get(&format!("/admin/session/{id}/proctoring")).await;
    assert!(proctoring.text.contains("The &lt;light&gt; failed."), "admins read it");
}

async fn decisions_are_told_after_the_interview(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["One?"]).await;
    candidate.begin().await;
    app.flag(&id).await;
    let review = review(app::model::Decision::Dismissed);
    app.step(&id, &Command::ReviewViolation { violation: FLAG.parse().unwrap(), review }).await;
    let seen = candidate.client.get(&page(&candidate)).await;
    assert!(!shown(&seen, 200).contains("It was the light"), "not while it goes on");
    app.end_session(&id).await;
    let seen = candidate.client.get(&page(&candidate)).await;
    assert!(shown(&seen, 200).contains("dismissed it") && seen.text.contains("It was the light."), "{}", seen.text);
    assert!(!seen.text.contains("admin@example.org"), "nobody is named");
}

async fn what_is_kept_can_be_downloaded(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["What is a monad?"]).await;
    candidate.begin().await;
    app.flag(&id).await;
    candidate.answer(0, "A \"monoid\".").await;
    let review = review(app::model::Decision::Confirmed);
    app.step(&id, &Command::ReviewViolation { violation: FLAG.parse().unwrap(), review }).await;
    explain(&candidate, FLAG, "A cat.").await;
    let download = async || candidate.client.get(&format!("{}/download", page(&candidate))).await;
    let file = download().await;
    let kept = file.ok();
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert_eq!(file.header("cache-control"), "private, no-store");
    assert_eq!((&kept["session_id"], &kept["name"]), (&json!(id), &json!("Ada Lovelace")));
    assert_eq!(kept["answers"][0]["answer"], "A \"monoid\".");
    assert_eq!(kept["proctoring"]["noticed"].as_array().unwrap().len(), 4, "those that were not shown, too");
    let noticed = |kept: &Value| {
        let all = kept["proctoring"]["noticed"].as_array().unwrap().clone();
        all.into_iter().find(|it| it["id"] == FLAG).unwrap()
    };
    let flag = noticed(&kept);
    assert_eq!((&flag["your_note"], &flag["decision"]["decision"]), (&json!("A cat."), &json!("confirmed")));
    assert!(!file.text.contains("admin@example.org"), "nothing of other people");
    assert_eq!((&flag["earlier_decisions"], &kept["log"]), (&json!([]), &json!([])));
    let happened: Vec<_> = kept["happened"].as_array().unwrap().iter().map(|it| it["what"].as_str().unwrap()).collect();
    for what in ["consent_given", "question_delivered", "answered", "reference_captured", "violation_noted"] {
        assert!(happened.contains(&what), "{what} in {happened:?}");
    }
    assert!(!happened.contains(&"evaluated") && !happened.contains(&"announced"), "{happened:?}");
    let pictures = kept["pictures"].as_array().unwrap();
    let whats: Vec<_> = pictures.iter().map(|picture| picture["what"].as_str().unwrap()).collect();
    assert_eq!(whats, ["device_check", FLAG]);
    assert!(pictures.iter().all(|picture| picture["jpeg_base64"] == STANDARD.encode(PICTURE)), "{pictures:?}");

    app.erase(&id).await;
    let kept = download().await.ok();
    assert!(
        kept["proctoring"]["erased_at"].is_string()
            && kept["pictures"].as_array().unwrap().iter().all(|it| it["jpeg_base64"].is_null())
    );
    for _ in 0..2 {
        download().await.ok();
    }
    let often = download().await;
    assert!(shown(&often, 429).contains("try again") && often.header("retry-after").parse::<u32>().is_ok());
}

async fn a_log_can_be_read_after_the_interview(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["One?", "Two?"]).await;
    candidate.begin().await;
    app.flag(&id).await;
    let seen = candidate.client.get(&page(&candidate)).await;
    assert!(shown(&seen, 200).contains("stands here when the interview is over"), "{}", seen.text);
    let session = crate::support::app::session_id(&id);
    for earlier in ["reference/01", "reference/02"] {
        app.state.vault.keep(session, earlier, PICTURE.as_bytes()).await.unwrap();
    }
    app.state.vault.keep(session, "log/00000000", b"damaged").await.unwrap();
    app.end_session(&id).await;
    let seen = candidate.client.get(&page(&candidate)).await;
    assert!(shown(&seen, 200).contains("A part of it cannot be read any more"), "{}", seen.text);
    let kept = candidate.client.get(&format!("{}/download", page(&candidate))).await.ok();
    assert_eq!(kept["log"], json!([{ "at": null, "what": "A part of the log that cannot be read" }]));
    let faces = kept["pictures"].as_array().unwrap().iter().filter(|it| it["what"] == "device_check");
    assert_eq!(faces.count(), 3, "earlier ones too");
    for _ in 0..10 {
        shown(&candidate.client.get(&page(&candidate)).await, 200);
    }
    let often = candidate.client.get(&page(&candidate)).await;
    assert!(shown(&often, 200).contains("Load this page again"), "{}", often.text);
    app.erase(&id).await;
    let seen = candidate.client.get(&page(&candidate)).await;
    assert!(shown(&seen, 200).contains("The log was erased"), "{}", seen.text);
}

async fn a_link_opens_one_record_only(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, candidate) = app.invite(&["One?"]).await;
    candidate.begin().await;
    app.flag(&id).await;
    let created = app.create(json!({ "name": "Bob", "questions": ["Two?"] })).await;
    let other = app.candidate(&created);
    other.begin().await;
    let seen = other.client.get(&page(&other)).await;
    assert!(shown(&seen, 200).contains("Nothing so far") && !seen.text.contains("Ada"), "{}", seen.text);
    shown(&explain(&other, FLAG, "It was me.").await, 404);
    assert!(!app.history(&id).await.contains(&"violation_explained".to_owned()));
    let mut forged = candidate.clone();
    forged.invite.replace_range(0..1, if forged.invite.starts_with('A') { "B" } else { "A" });
    for invite in [forged.invite.as_str(), "x", &id] {
        let stranger = Candidate::new(app.anonymous(), invite);
        assert!(shown(&app.anonymous().get(&page(&stranger)).await, 404).contains("does not lead to an interview"));
        shown(&app.anonymous().get(&format!("{}/download", page(&stranger))).await, 404);
        shown(&explain(&stranger, FLAG, "Hello.").await, 404);
    }
    app.api().delete(&crate::support::app::session_path(&id)).await.ok();
    shown(&candidate.client.get(&page(&candidate)).await, 404);
}
