//! The admin's pages that the server alone renders: what can be done by plain forms, over both stores.

use axum::http::{Method, header};
use serde_json::json;

use crate::support::{
    app::{TestApp, session_path},
    backend::Backend,
    client::{Client, Reply},
    eventually::eventually_true,
    gate::Gate,
    stores::over_both_stores,
};

over_both_stores! {
    strangers_are_sent_to_the_login,
    other_sites_send_no_forms,
    a_job_is_made_changed_and_deleted_by_forms_alone,
    buttons_of_the_editor_keep_what_was_typed,
    two_who_change_a_job_do_not_undo_each_other,
    jobs_travel_as_files,
    a_list_of_candidates_is_invited_and_wrong_lines_are_told,
    a_report_has_a_page_from_before_it_is_made,
    a_score_is_corrected_by_a_form,
    webhooks_are_added_looked_at_and_removed,
    what_people_wrote_is_text_on_every_page,
}

impl Client {
    /// Sends a form as a browser without scripts does.
    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let content = Some("application/x-www-form-urlencoded");
        self.with(header::ACCEPT, "text/html").send(Method::POST, path, content, form.finish().into_bytes()).await
    }
}

impl Reply {
    /// The page, which must be one, with this status.
    fn page(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{}", self.text);
        assert!(self.header("content-type").starts_with("text/html"), "{}", self.text);
        assert!(self.header("content-security-policy").starts_with("default-src 'none'"), "its policy");
        assert_eq!(self.header("cache-control"), "no-store");
        assert_eq!(self.header("x-frame-options"), "DENY");
        assert!(!self.text.contains("style=\"") && !self.text.contains("modulepreload"), "{}", self.text);
        &self.text
    }

    /// Where the redirect leads.
    fn leads_to(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.text);
        self.header("location")
    }
}

const JOB: [(&str, &str); 15] = [
    ("title", "Backend engineer"),
    ("description", "For the\r\nplatform team"),
    ("text_timer", "90"),
    ("coding_timer", "240"),
    ("max_questions", ""),
    ("text", "What is a monad?"),
    ("type", "text"),
    ("key_points", "3 | bind\r\n\r\nreturn"),
    ("reference", "A monoid in the category of endofunctors."),
    ("language", ""),
    ("text", "Reverse a list."),
    ("type", "coding"),
    ("key_points", ""),
    ("reference", ""),
    ("language", "Rust"),
];

/// The form of [`JOB`] with some values replaced, and more fields at its end.
fn job_with<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = JOB.to_vec();
    for (name, value) in changes {
        match fields.iter_mut().find(|(known, _)| known == name) {
            Some(field) => field.1 = value,
            None => fields.push((name, value)),
        }
    }
    fields
}

async fn make_job(admin: &Client) -> String {
    let reply = admin.form("/admin/jobs/new", &job_with(&[("action", "save")])).await;
    reply.leads_to().strip_suffix("?done=saved").expect("the job's page").to_owned()
}

async fn strangers_are_sent_to_the_login(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, _) = app.invite(&["One?"]).await;
    let report = format!("/admin/session/{id}/report");
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

async fn a_job_is_made_changed_and_deleted_by_forms_alone(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let job = make_job(&admin).await;
    let page = admin.get(&format!("{job}?done=saved")).await;
    for text in ["Saved.", "Backend engineer", "What is a monad?", "3 | bind\nreturn", "platform team", "Rust"] {
        assert!(page.page(200).contains(text), "{text} in {}", page.text);
    }
    let made = &app.state.jobs.list().await.unwrap()[0];
    assert_eq!((made.timers.text_s, made.timers.coding_s, made.max_questions), (90, 240, 2));
    assert_eq!(made.description, "For the\nplatform team", "lines end as elsewhere");
    assert_eq!(made.questions[0].rubric.key_points[0].weight, 3);
    assert!(admin.get("/admin/jobs").await.page(200).contains("Backend engineer"));

    let refused = admin.form(&job, &job_with(&[("title", " "), ("revision", "1"), ("action", "save")])).await;
    assert!(refused.page(400).contains("Give the job a title") && refused.text.contains("What is a monad?"));
    let refused = admin.form(&job, &job_with(&[("text_timer", "100000"), ("revision", "1")])).await;
    assert!(refused.page(400).contains("text_question_timer must be 1 to 86400"), "{}", refused.text);
    let changed = job_with(&[("title", "Backend"), ("max_questions", "1"), ("revision", "1"), ("action", "save")]);
    assert_eq!(admin.form(&job, &changed).await.leads_to(), format!("{job}?done=saved"));
    let kept = &app.state.jobs.list().await.unwrap()[0];
    assert_eq!((kept.title.as_str(), kept.max_questions, kept.revision), ("Backend", 1, 2));

    for _ in 0..2 {
        assert_eq!(admin.form(&format!("{job}/delete"), &[]).await.leads_to(), "/admin/jobs?done=deleted");
    }
    admin.get(&job).await.page(404);
    let late = admin.form(&job, &changed).await;
    assert!(late.page(409).contains("deleted this job") && late.text.contains("action=\"/admin/jobs/new\""));
}

async fn buttons_of_the_editor_keep_what_was_typed(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let order = |page: &str| page.find("What is a monad?").zip(page.find("Reverse a list.")).map(|(a, b)| a < b);
    for (path, revision) in [("/admin/jobs/new".to_owned(), ""), (make_job(&admin).await, "1")] {
        let press = async |action: &str| {
            let fields = job_with(&[("title", "Not saved"), ("revision", revision), ("action", action)]);
            admin.form(&path, &fields).await
        };
        let added = press("add-question").await;
        assert_eq!(added.page(200).matches("name=\"text\"").count(), 3);
        assert!(added.text.contains("Not saved") && order(&added.text) == Some(true));
        assert_eq!(order(press("up-1").await.page(200)), Some(false));
        assert_eq!(order(press("down-0").await.page(200)), Some(false));
        let removed = press("remove-0").await;
        assert!(!removed.page(200).contains("What is a monad?") && removed.text.contains("Reverse a list."));
        assert!(removed.text.contains(&format!("name=\"revision\" value=\"{revision}\"")) || revision.is_empty());
    }
    let jobs = app.state.jobs.list().await.unwrap();
    assert_eq!((jobs.len(), jobs[0].title.as_str(), jobs[0].revision), (1, "Backend engineer", 1), "nothing was saved");
}

async fn two_who_change_a_job_do_not_undo_each_other(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (one, other) = (app.admin().await, app.admin().await);
    let job = make_job(&one).await;
    let change = |title: &'static str, action: &'static str| {
        job_with(&[("title", title), ("revision", "1"), ("action", action)])
    };
    one.form(&job, &change("Theirs", "save")).await.leads_to();
    let conflict = other.form(&job, &change("Mine", "save")).await;
    assert!(conflict.page(409).contains("Somebody else changed this job"), "{}", conflict.text);
    assert!(conflict.text.contains("value=\"Mine\"") && conflict.text.contains("value=\"overwrite-2\""));
    assert_eq!(app.state.jobs.list().await.unwrap()[0].title, "Theirs");
    other.form(&job, &change("Mine", "overwrite-1")).await.page(409);
    other.form(&job, &change("Mine", "overwrite-2")).await.leads_to();
    assert_eq!(app.state.jobs.list().await.unwrap()[0].title, "Mine");
}

async fn jobs_travel_as_files(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let job = make_job(&admin).await;
    let file = admin.get(&format!("{job}/export")).await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"backend-engineer.json\"");
    assert_eq!(file.ok()["questions"][0]["rubric"]["key_points"][0], json!({ "text": "bind", "weight": 3 }));
    let reply = admin.form("/admin/jobs/import", &[("json", &file.text)]).await;
    let copy = reply.leads_to().strip_suffix("?done=imported").expect("the new job").to_owned();
    assert_ne!(copy, job);
    assert_eq!(admin.get(&format!("{copy}/export")).await.text, file.text);
    let refused = admin.form("/admin/jobs/import", &[("json", "{\"title\": 1}")]).await;
    assert!(refused.page(422).contains("no exported job") && refused.text.contains("{\"title\": 1}"));
    let refused = admin.form("/admin/jobs/import", &[("json", "{\"title\": \"Empty\"}")]).await;
    assert!(refused.page(400).contains("question"), "{}", refused.text);
}

async fn a_list_of_candidates_is_invited_and_wrong_lines_are_told(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let job = make_job(&admin).await;
    let invite = format!("{job}/invite");
    assert!(admin.get(&invite).await.page(200).contains("Backend engineer"));
    let refused = admin.form(&invite, &[("csv", "name,email")]).await;
    assert!(refused.page(400).contains("The list is empty") && refused.text.contains("\nname,email</textarea>"));
    let list = "Ada,ada@example.org,\r\nBob,nowhere\r\nGrace,grace@example.org,+1 2";
    let reply = admin.form(&invite, &[("csv", list)]).await;
    let run = reply.leads_to().to_owned();
    let page = admin.get(&run).await;
    assert!(page.page(200).contains("1 of 3 done") && page.text.contains("http-equiv=\"refresh\""), "{}", page.text);
    app.state.invitations.run().await;
    let page = admin.get(&run).await;
    assert!(page.page(200).contains("3 of 3 done") && !page.text.contains("http-equiv=\"refresh\""), "{}", page.text);
    assert!(page.text.contains("2 candidates invited, 1 line refused"));
    assert_eq!(page.text.matches(&format!("{}/i/", app.url)).count(), 4, "each link to see and to copy");
    let csv = admin.get(&format!("{run}/csv")).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!((csv.text.lines().count(), csv.text.matches("/i/").count()), (4, 2));
    assert!(admin.get("/admin/invitations").await.page(200).contains("2 of 3"));
    assert_eq!(app.stats().await["stats"]["total_sessions"], 2);
}

/// An ended interview with one answer of two.
async fn ended(app: &TestApp) -> String {
    let (id, candidate) = app.invite(&["What is a monad?", "Why?"]).await;
    candidate.begin().await;
    candidate.answer(0, "A monoid in the category of endofunctors, which composes effects.").await;
    app.end_session(&id).await;
    id
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

    let id = ended(&app).await;
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
    let id = ended(&app).await;
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

async fn webhooks_are_added_looked_at_and_removed(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let nobody = Gate::before("127.0.0.1:9").await;
    nobody.shut();
    let url = format!("http://{}/hook", nobody.address);
    let refused = admin.form("/admin/webhooks", &[("url", "ftp://example.org")]).await;
    assert!(refused.page(400).contains("https://") && refused.text.contains("value=\"ftp://example.org\""));
    let added = admin.form("/admin/webhooks", &[("url", &url)]).await;
    let page = admin.get(added.leads_to()).await;
    let secret = app.state.hooks.list().await.unwrap()[0].secret.clone();
    assert!(page.page(200).contains(&url) && page.text.contains(&secret) && page.text.contains("<details open>"));
    assert!(!admin.get("/admin/webhooks").await.page(200).contains("<details open>"), "later only on demand");

    let (id, _) = app.invite(&["One?"]).await;
    app.state.work.run().await;
    app.state.hooks.run().await;
    let page = admin.get("/admin/webhooks").await;
    assert!(page.page(200).contains("session.created") && page.text.contains("To be tried again"), "{}", page.text);
    assert!(page.text.contains("1 attempt, last:") && page.text.contains(&format!("/admin/session/{id}")));
    let delivery = app.state.hooks.deliveries(10).await.unwrap()[0].id.clone();
    let again = admin.form("/admin/webhooks/send", &[("delivery", &delivery)]).await;
    assert!(admin.get(again.leads_to()).await.page(200).contains("On its way"));
    admin.form("/admin/webhooks/send", &[("delivery", "unknown")]).await.page(404);

    let hook = app.state.hooks.list().await.unwrap()[0].id.clone();
    for _ in 0..2 {
        let removed = admin.form(&format!("/admin/webhooks/{hook}/remove"), &[]).await;
        assert_eq!(removed.leads_to(), "/admin/webhooks?done=removed");
    }
    assert!(!admin.get("/admin/webhooks").await.page(200).contains(&secret));
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
