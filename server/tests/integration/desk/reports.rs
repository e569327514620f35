//! Reports, and scores that are corrected.

use crate::support::{app::TestApp, backend::Backend, stores::over_both_stores};

over_both_stores! {
    a_report_has_a_page_from_before_it_is_made,
    a_score_is_corrected_by_a_form,
}

async fn a_report_has_a_page_from_before_it_is_made(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let report = |id: &str| format!("/admin/session/{id}/report");
    let (waiting, candidate) = app.invite(&["One?"]).await;
    assert!(admin.get(&report(&waiting)).await.page(200).contains("not over"));
    candidate.begin().await;
    app.end_session(&waiting).await;
    assert!(admin.get(&report(&waiting)).await.page(200).contains("nothing to report on"));

    let id = app.ended().await;
    let page = admin.get(&report(&id)).await;
    assert!(page.page(200).contains("being made") && page.text.contains("http-equiv=\"refresh\""));
    app.state.work.run().await;
    let page = admin.get(&report(&id)).await;
    for text in [
        "Ada Lovelace answered 1 of 2 questions",
        "50\u{a0}%",
        "What is a monad?",
        "endofunctors",
        "Relevance",
        "Not answered",
    ] {
        assert!(page.page(200).contains(text), "{text} in {}", page.text);
    }
    assert!(!page.text.contains("http-equiv=\"refresh\""));
    assert!(page.text.contains("report.pdf") && page.text.contains("class=\"radar\""));
    let detail = admin.rpc("load_session", &[("id", &id)]).await.ok();
    assert!(detail["mean_score"].is_string() && detail["scores"][0][0] == 0, "{detail}");
}

async fn a_score_is_corrected_by_a_form(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let id = app.ended().await;
    app.state.work.run().await;
    let (report, score) = (format!("/admin/session/{id}/report"), format!("/admin/session/{id}/score"));
    let refused = admin.form(&score, &[("question", "0"), ("score", "9.3"), ("reason", "Kept.")]).await;
    assert!(refused.page(400).contains("steps of 0.5") && refused.text.contains("value=\"9.3\""), "{}", refused.text);
    assert!(refused.text.contains("Kept."));
    let refused = admin.form(&score, &[("question", "1"), ("score", "9"), ("reason", "It was not answered.")]).await;
    refused.page(409);
    admin.form(&score, &[("score", "9"), ("reason", "Which one?")]).await.page(400);

    let reply = admin.form(&score, &[("question", "0"), ("score", "9.5"), ("reason", "Concise & right")]).await;
    assert_eq!(reply.leads_to(), format!("{report}?corrected=0"));
    assert!(admin.get(&report).await.page(200).contains("being updated"));
    app.state.work.run().await;
    let page = admin.get(&report).await;
    for text in ["9.5", "set by admin@example.org", "Concise &amp; right", "of 10 before, by offline rules"] {
        assert!(page.page(200).contains(text), "{text} in {}", page.text);
    }
    assert!(!page.text.contains("being updated"));
    assert_eq!(app.get_session(&id).await["session"]["average_score"], 9.5);
    assert!(app.history(&id).await.contains(&"score_corrected".to_owned()));
}
