//! Who gets in, and what holds for every page.

use axum::http::header;
use serde_json::json;

use super::{JOB, job_with};
use crate::support::{
    app::{TestApp, session_path},
    backend::Backend,
    eventually::eventually_true,
    stores::over_both_stores,
};

over_both_stores! {
    strangers_are_sent_to_the_login,
    other_sites_send_no_forms,
    what_people_wrote_is_text_on_every_page,
    addresses_of_no_interview_are_not_found,
    addresses_that_cannot_be_read_are_told_on_a_page,
}

async fn strangers_are_sent_to_the_login(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, _) = app.invite(&["One?"]).await;
    let report = format!("/admin/session/{id}/report");
    let proctoring = format!("/admin/session/{id}/proctoring");
    let pages = [
        "/admin/jobs",
        "/admin/jobs/new",
        "/admin/jobs/import",
        "/admin/jobs/some",
        "/admin/jobs/some/export",
        "/admin/jobs/some/invite",
        "/admin/invitations",
        "/admin/invitations/some",
        "/admin/invitations/some/csv",
        "/admin/webhooks",
        &report,
        "/admin/review",
        &proctoring,
        &format!("/admin/session/{id}/reference"),
        &format!("/admin/session/{id}/checks/1000"),
        &format!("/admin/session/{id}/stills/1000-no_face/0"),
    ];
    let score = format!("/admin/session/{id}/score");
    let forms = [
        "/admin/jobs/new",
        "/admin/jobs/import",
        "/admin/jobs/some",
        "/admin/jobs/some/delete",
        "/admin/jobs/some/invite",
        "/admin/webhooks",
        "/admin/webhooks/some/remove",
        "/admin/webhooks/send",
        &score,
        &proctoring,
    ];
    for stranger in [app.anonymous(), app.api(), app.anonymous().with(header::COOKIE, "pi_admin=wrong")] {
        for page in pages {
            assert_eq!(stranger.get(page).await.leads_to(), "/admin/login", "{page}");
        }
        for form in forms {
            assert_eq!(stranger.form(form, &JOB).await.leads_to(), "/admin/login", "{form}");
        }
    }
    let admin = app.admin().await;
    assert!(admin.get("/admin/jobs").await.page(200).contains("No jobs yet"), "strangers made none");
    for unknown in ["/admin/jobs/some", "/admin/jobs/some/invite", "/admin/invitations/some", "/admin/session/x/report"]
    {
        assert!(admin.get(unknown).await.page(404).contains("Not found"), "{unknown}");
    }
    admin.get("/admin/jobs/some/delete").await.page(405);
}

async fn other_sites_send_no_forms(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let foreign = app.admin().await.with(header::ORIGIN, "https://evil.example");
    for form in ["/admin/jobs/new", "/admin/webhooks", "/admin/jobs/import"] {
        assert_eq!(foreign.form(form, &JOB).await.status, 403, "{form}");
    }
    assert!(foreign.get("/admin/jobs").await.page(200).contains("No jobs yet"));
}

async fn what_people_wrote_is_text_on_every_page(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let evil = "</title></textarea><script>alert('\"')</script>";
    let fields = [("title", evil), ("text", evil), ("key_points", evil), ("reference", evil), ("description", evil)];
    let made = admin.form("/admin/jobs/new", &job_with(&fields)).await;
    let job = made.leads_to().split('?').next().expect("a path").to_owned();
    let run = admin.form(&format!("{job}/invite"), &[("csv", &format!("{evil},a@example.org\n{evil},{evil}"))]).await;
    app.state.invitations.run().await;
    let created = app.create(json!({ "name": evil, "questions": [evil] })).await;
    let id = created["session_id"].as_str().expect("an id").to_owned();
    let candidate = app.candidate(&created);
    candidate.begin().await;
    candidate.answer(0, evil).await;
    app.state.work.run().await;
    let report = format!("/admin/session/{id}/report");
    admin.form(&format!("/admin/session/{id}/score"), &[("question", "0"), ("score", "1"), ("reason", evil)]).await;
    app.state.work.run().await;
    let invite = format!("{job}/invite");
    for path in ["/admin/jobs", &job, &invite, run.leads_to(), "/admin/invitations", &report] {
        let page = admin.get(path).await;
        assert!(page.page(200).contains("alert("), "{path}");
        assert!(!page.text.contains("<script>") && page.text.matches("<script").count() == 1, "{path}: {}", page.text);
        assert_eq!(page.text.matches("</title>").count() - page.text.matches("<title id").count(), 1, "{path}");
    }
    assert_eq!(app.get_session(&id).await["session"]["status"], "completed");
    let unsaved = admin.form("/admin/jobs/new", &job_with(&[("title", ""), ("text", evil)])).await;
    assert!(!unsaved.page(400).contains("<script>"));
    assert_eq!(admin.get(&session_path(&id)).await.status, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_its_store_a_page_says_so_and_keeps_the_form() {
    let (backend, gate) = Backend::mongo_behind_gate().await;
    let app = TestApp::start(&backend).await;
    let admin = app.admin().await;
    gate.shut();
    let page = admin.get("/admin/jobs").await;
    assert!(page.page(503).contains("href=\"/admin/jobs\"") && page.text.contains("Try again"), "{}", page.text);
    assert!(page.header("retry-after").parse::<u32>().is_ok());
    let page = admin.form("/admin/jobs/new", &JOB).await;
    assert!(page.page(503).contains("Send it again") && page.text.contains("What is a monad?"), "{}", page.text);
    gate.open();
    eventually_true("the form is taken", async || admin.form("/admin/jobs/new", &JOB).await.status == 303).await;
    drop(app);
    backend.remove().await;
}

async fn addresses_of_no_interview_are_not_found(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, _) = app.invite(&["One?"]).await;
    let admin = app.admin().await.with(header::ACCEPT, "text/html");
    let unknown = uuid::Uuid::new_v4();
    for (path, status) in [(id, 200), (unknown.to_string(), 404), ("x".into(), 404), ("%00".into(), 404)] {
        let page = admin.get(&format!("/admin/session/{path}")).await;
        assert_eq!(page.status, status, "{path}");
        assert_eq!(page.text.contains("Not found"), status == 404, "{path}");
    }
}

async fn addresses_that_cannot_be_read_are_told_on_a_page(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, _) = app.invite(&["One?"]).await;
    let admin = app.admin().await;
    for path in ["/admin/jobs/%FF", "/admin/invitations/%FF", "/admin/session/%FF/report"] {
        admin.get(path).await.page(404);
    }
    let report = format!("/admin/session/{id}/report");
    for path in ["/admin/jobs?done=a&done=b", &format!("{report}?corrected=abc")] {
        admin.get(path).await.page(400);
    }
    let page = admin.get(&format!("{report}?corrected=0")).await;
    assert!(!page.page(200).contains("The score was set"), "nobody set one");
}
