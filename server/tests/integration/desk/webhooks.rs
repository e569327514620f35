//! Webhooks and their deliveries.

use super::token;
use crate::support::{
    app::{TestApp, session_id},
    backend::Backend,
    gate::Gate,
    stores::over_both_stores,
};

over_both_stores! {
    webhooks_are_added_looked_at_and_removed,
    an_address_that_is_sent_twice_is_added_once,
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

    app.state.delete_session(session_id(&id)).await.unwrap();
    let page = admin.get("/admin/webhooks").await;
    assert!(page.page(200).contains("session.deleted") && page.text.contains("session.created"), "{}", page.text);
    assert!(!page.text.contains("/admin/session/"), "it leads nowhere any more: {}", page.text);

    let hook = app.state.hooks.list().await.unwrap()[0].id.clone();
    for _ in 0..2 {
        let removed = admin.form(&format!("/admin/webhooks/{hook}/remove"), &[]).await;
        assert_eq!(removed.leads_to(), "/admin/webhooks?done=removed");
    }
    assert!(!admin.get("/admin/webhooks").await.page(200).contains(&secret));
}

async fn an_address_that_is_sent_twice_is_added_once(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let once = token(&admin.get("/admin/webhooks").await);
    let fields = [("url", "https://ats.example.com/hook"), ("once", &once)];
    let added = admin.form("/admin/webhooks", &fields).await;
    assert_eq!(admin.form("/admin/webhooks", &fields).await.leads_to(), added.leads_to());
    assert_eq!(app.state.hooks.list().await.unwrap().len(), 1);
}
