//! Lists of candidates.

use app::model::JobId;

use super::{make_job, token};
use crate::support::{app::TestApp, backend::Backend, stores::over_both_stores};

over_both_stores! {
    a_list_of_candidates_is_invited_and_wrong_lines_are_told,
    a_list_that_is_sent_twice_invites_once,
    many_lists_are_shown_page_by_page,
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
    assert!(page.text.contains(">Write one whole e-mail address, such as jane@example.com.<"), "{}", page.text);
    assert_eq!(page.text.matches(&format!("{}/i/", app.url)).count(), 4, "each link to see and to copy");
    let csv = admin.get(&format!("{run}/csv")).await;
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!((csv.text.lines().count(), csv.text.matches("/i/").count()), (4, 2));
    assert!(admin.get("/admin/invitations").await.page(200).contains("2 of 3"));
    assert_eq!(app.stats().await["stats"]["total_sessions"], 2);
}

async fn a_list_that_is_sent_twice_invites_once(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let invite = format!("{}/invite", make_job(&admin).await);
    let once = token(&admin.get(&invite).await);
    let fields = [("csv", "Ada,ada@example.org"), ("once", &once)];
    let begun = admin.form(&invite, &fields).await;
    assert_eq!(admin.form(&invite, &fields).await.leads_to(), begun.leads_to());
    assert_eq!(app.state.invitations.list(9, 0).await.unwrap().total, 1);
}

async fn many_lists_are_shown_page_by_page(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let job = JobId(make_job(&admin).await.rsplit('/').next().expect("its id").to_owned());
    let mut made = Vec::new();
    for _ in 0..51 {
        made.push(app.state.invitations.begin(&job, "Ada,ada@example.org\nBob,nowhere").await.unwrap().id);
        app.clock.advance_ms(1);
    }
    let page = admin.get("/admin/invitations").await;
    assert_eq!(page.page(200).matches("0 of 2").count(), 50);
    assert!(page.text.contains("href=\"/admin/invitations?page=2\"") && !page.text.contains(&made[0]));
    let page = admin.get("/admin/invitations?page=2").await;
    assert_eq!(page.page(200).matches("0 of 2").count(), 1);
    assert!(page.text.contains(&made[0]) && page.text.contains("Page 2 of 2"), "{}", page.text);
    assert_eq!(admin.get("/admin/invitations?page=3").await.leads_to(), "/admin/invitations?page=2");
}
