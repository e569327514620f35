//! Jobs in their editor, and from and to files.

use app::model::{Job, NewJob, NewQuestion};
use serde_json::json;

use super::{job_with, make_job, token};
use crate::support::{app::TestApp, backend::Backend, stores::over_both_stores};

over_both_stores! {
    a_job_is_made_changed_and_deleted_by_forms_alone,
    buttons_of_the_editor_keep_what_was_typed,
    two_who_change_a_job_do_not_undo_each_other,
    jobs_travel_as_files,
    a_form_that_is_sent_twice_makes_one_job,
    many_jobs_are_shown_page_by_page_and_found_by_their_title,
}

async fn listed(app: &TestApp) -> Vec<Job> {
    app.state.jobs.list(200, 0).await.unwrap().items
}

async fn a_job_is_made_changed_and_deleted_by_forms_alone(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let job = make_job(&admin).await;
    let page = admin.get(&format!("{job}?done=saved")).await;
    for text in ["Saved.", "Backend engineer", "What is a monad?", "3 | bind\nreturn", "platform team", "Rust"] {
        assert!(page.page(200).contains(text), "{text} in {}", page.text);
    }
    let made = &listed(&app).await[0];
    assert_eq!((made.timers.text_s, made.timers.coding_s, made.max_questions), (90, 240, 2));
    assert_eq!(made.description, "For the\nplatform team", "lines end as elsewhere");
    assert_eq!(made.questions[0].rubric.key_points[0].weight, 3);
    assert!(admin.get("/admin/jobs").await.page(200).contains("Backend engineer"));

    let refused = admin.form(&job, &job_with(&[("title", " "), ("revision", "1"), ("action", "save")])).await;
    assert!(refused.page(400).contains("Give the job a title") && refused.text.contains("What is a monad?"));
    let refused = admin.form(&job, &job_with(&[("text_timer", "100000"), ("revision", "1")])).await;
    assert!(
        refused.page(400).contains("Give 1 to 86400 seconds as the time for an answer in words."),
        "{}",
        refused.text
    );
    let changed = job_with(&[("title", "Backend"), ("max_questions", "1"), ("revision", "1"), ("action", "save")]);
    assert_eq!(admin.form(&job, &changed).await.leads_to(), format!("{job}?done=saved"));
    let kept = &listed(&app).await[0];
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
    let jobs = listed(&app).await;
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
    assert_eq!(listed(&app).await[0].title, "Theirs");
    other.form(&job, &change("Mine", "overwrite-1")).await.page(409);
    other.form(&job, &change("Mine", "overwrite-2")).await.leads_to();
    assert_eq!(listed(&app).await[0].title, "Mine");
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

async fn a_form_that_is_sent_twice_makes_one_job(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (admin, other) = (app.admin().await, app.admin().await);
    let once = token(&admin.get("/admin/jobs/new").await);
    assert_ne!(token(&admin.get("/admin/jobs/new").await), once, "each form its own");
    let form = job_with(&[("once", &once), ("action", "save")]);
    let made = admin.form("/admin/jobs/new", &form).await;
    assert_eq!(other.form("/admin/jobs/new", &form).await.leads_to(), made.leads_to(), "the same person");
    let back_and_changed = job_with(&[("title", "Another"), ("once", &once), ("action", "save")]);
    assert_ne!(admin.form("/admin/jobs/new", &back_and_changed).await.leads_to(), made.leads_to());
    assert_eq!(listed(&app).await.len(), 2);

    let once = token(&admin.get("/admin/jobs/import").await);
    let text = admin.get(&format!("{}/export", made.leads_to().split('?').next().unwrap())).await.text;
    let fields = [("json", text.as_str()), ("once", &once)];
    let brought = admin.form("/admin/jobs/import", &fields).await;
    assert_eq!(admin.form("/admin/jobs/import", &fields).await.leads_to(), brought.leads_to());
    assert_eq!(listed(&app).await.len(), 3);
}

async fn many_jobs_are_shown_page_by_page_and_found_by_their_title(backend: &Backend) {
    let app = TestApp::start(backend).await;
    for number in 0..51 {
        let questions = vec![NewQuestion { text: "One?".into(), ..NewQuestion::default() }];
        let job = NewJob { title: format!("Job {number:02} & Co"), questions, ..NewJob::default() };
        app.state.jobs.create(job).await.unwrap();
        app.clock.advance_ms(1);
    }
    let admin = app.admin().await;
    let shown = async |path: &str| {
        let page = admin.get(path).await;
        (page.page(200).matches("Invite candidates to Job").count(), page)
    };
    let (lines, page) = shown("/admin/jobs").await;
    assert!(lines == 50 && page.text.contains("51 jobs") && page.text.contains("Page 1 of 2"), "{}", page.text);
    assert!(page.text.contains("href=\"/admin/jobs?page=2\"") && !page.text.contains("Newer"), "{}", page.text);
    let (lines, page) = shown("/admin/jobs?page=2").await;
    assert!(lines == 1 && page.text.contains("Job 00 &amp; Co") && page.text.contains("Newer"), "{}", page.text);
    assert_eq!(admin.get("/admin/jobs?page=9").await.leads_to(), "/admin/jobs?page=2");
    assert_eq!(shown("/admin/jobs?page=none").await.0, 50);

    let (lines, page) = shown("/admin/jobs?q=job+1").await;
    assert!(lines == 10 && page.text.contains("10 jobs") && page.text.contains("value=\"job 1\""), "{}", page.text);
    assert!(!page.text.contains("Page 1"), "{}", page.text);
    let (lines, page) = shown("/admin/jobs?q=%26").await;
    assert!(lines == 50 && page.text.contains("href=\"/admin/jobs?q=%26&amp;page=2\""), "{}", page.text);
    let (lines, page) = shown("/admin/jobs?q=nothing").await;
    assert!(lines == 0 && page.text.contains("No job matches"), "{}", page.text);
}
