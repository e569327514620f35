//! Deciding about what was noticed, and the queue of what waits for it.

use crate::support::{
    app::TestApp,
    backend::Backend,
    proctoring::{FLAG, PICTURE},
    stores::over_both_stores,
};

over_both_stores! {
    a_flag_is_decided_by_a_form,
    what_waits_is_queued_by_urgency,
    pictures_are_for_admins_until_they_are_erased,
    an_interview_that_is_not_proctored_says_so,
}

fn page(id: &str) -> String {
    format!("/admin/session/{id}/proctoring")
}

async fn a_flag_is_decided_by_a_form(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let id = app.flagged().await;
    let seen = admin.get(&page(&id)).await;
    for text in [
        "hints for people, not verdicts",
        "3 flags to be decided, the gravest of high severity",
        "Nobody was seen",
        "the page claimed one person, the server saw nobody",
        "href=\"#v-1000-no_face\"",
        "id=\"v-1000-no_face\"",
        "stills/1000-no_face/0",
        "No spot check was made",
    ] {
        assert!(seen.page(200).contains(text), "{text} in {}", seen.text);
    }
    let places = |text: &str| {
        ["v-1000-no", "v-2000-con", "v-4000-dev", "v-3000-copy"].map(|it| text.find(&format!("id=\"{it}")))
    };
    assert!(places(&seen.text).is_sorted(), "open and grave first");
    let by_time = admin.get(&format!("{}?order=time", page(&id))).await;
    assert!(!places(by_time.page(200)).is_sorted());

    let form =
        |decision, reason| [("violation", FLAG), ("decision", decision), ("reason", reason), ("order", "gravity")];
    let refused = admin.form(&page(&id), &form("dismissed", " ")).await;
    assert!(refused.page(400).contains("Say why this is dismissed"), "{}", refused.text);
    admin.form(&page(&id), &form("guilty", "Yes")).await.page(400);
    let done = admin.form(&page(&id), &form("dismissed", "A <b>cat</b> & a lamp")).await;
    assert_eq!(done.leads_to(), format!("{}?order=gravity&decided={FLAG}#flags", page(&id)));
    let seen = admin.get(done.leads_to()).await;
    for text in [
        "Dismissed: nobody was seen",
        "by admin@example.org",
        "A &lt;b&gt;cat&lt;/b&gt; &amp; a lamp",
        "Change the decision",
    ] {
        assert!(seen.page(200).contains(text), "{text} in {}", seen.text);
    }
    let changed = admin.form(&page(&id), &form("escalated", "Two cats.")).await;
    assert!(admin.get(changed.leads_to()).await.page(200).contains("Escalated"));
}

async fn what_waits_is_queued_by_urgency(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    assert!(admin.get("/admin/review").await.page(200).contains("Nothing waits for a decision"));
    let (grave, light) = (app.flagged().await, app.flagged().await);
    let dismiss = |id: &str| (page(id), [("violation", FLAG), ("decision", "confirmed"), ("reason", "")]);
    let (path, form) = dismiss(&light);
    admin.form(&path, &form).await.leads_to();
    let queue = admin.get("/admin/review").await;
    let place = |id: &str| queue.text.find(&page(id)).unwrap_or_else(|| panic!("{id} in {}", queue.text));
    assert!(queue.page(200).contains("2 interviews") && place(&grave) < place(&light));
    for violation in ["2000-contradiction", "4000-devtools"] {
        admin.form(&page(&light), &[("violation", violation), ("decision", "confirmed")]).await.leads_to();
    }
    let queue = admin.get("/admin/review").await;
    assert!(queue.page(200).contains(&page(&grave)) && !queue.text.contains(&page(&light)));
}

async fn pictures_are_for_admins_until_they_are_erased(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let id = app.flagged().await;
    let pictures = [format!("/admin/session/{id}/stills/{FLAG}/0"), format!("/admin/session/{id}/reference")];
    for path in &pictures {
        let picture = admin.get(path).await;
        assert_eq!((picture.status, picture.text.as_str()), (200, PICTURE), "{path}");
        assert_eq!(picture.header("content-type"), "image/jpeg");
        assert_eq!(picture.header("cache-control"), "private, no-store");
        assert_eq!(picture.header("x-content-type-options"), "nosniff");
    }
    for none in [
        format!("/admin/session/{id}/checks/1"),
        format!("/admin/session/{id}/stills/{FLAG}/1"),
        format!("/admin/session/{id}/stills/x/0"),
        "/admin/session/x/reference".to_owned(),
    ] {
        admin.get(&none).await.page(404);
    }
    app.end_session(&id).await;
    app.erase(&id).await;
    for path in &pictures {
        admin.get(path).await.page(404);
    }
    let seen = admin.get(&page(&id)).await;
    assert!(seen.page(200).contains("Pictures and logs were erased") && !seen.text.contains("<img"), "{}", seen.text);
}

async fn an_interview_that_is_not_proctored_says_so(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let created = app.create(serde_json::json!({ "questions": ["One?"], "proctored": false })).await;
    let id = created["session_id"].as_str().unwrap();
    let admin = app.admin().await;
    assert!(admin.get(&page(id)).await.page(200).contains("This interview is not proctored"));
    admin.form(&page(id), &[("violation", FLAG), ("decision", "confirmed")]).await.page(404);
    admin.get(&page("x")).await.page(404);
}
