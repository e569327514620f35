//! Who may call: keys, cookies, login links, and what other sites may not do.

use app::service::accounts::Bootstrap;
use axum::http::{HeaderName, header};
use serde_json::json;

use super::{create_path, endpoints, wish};
use crate::support::{
    app::{ADMIN_EMAIL, ADMIN_PASSWORD, API_KEY, BASE, TestApp, cookie_of, session_path},
    backend::Backend,
    client::Client,
    stores::over_both_stores,
};

over_both_stores! {
    every_route_asks_who_calls,
    an_admin_s_cookie_is_as_good_as_a_key,
    other_sites_cannot_use_the_cookie,
    a_logout_makes_the_cookie_worthless,
    a_login_ends_after_twelve_hours,
    a_login_link_works_once_and_for_an_hour,
    other_credentials_take_the_place_of_the_former_ones,
    https_links_keep_browsers_to_https,
    http_links_ask_browsers_for_nothing_that_needs_https,
}

async fn every_route_asks_who_calls(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, _) = app.invite(&["One?"]).await;
    let nobody = app.anonymous();
    let strangers = [
        nobody.clone(),
        app.with_key("pi_wrong"),
        app.with_key(""),
        app.with_key(&format!("{API_KEY}x")),
        nobody.with(header::AUTHORIZATION, &format!("Basic {API_KEY}")),
        nobody.with(header::AUTHORIZATION, API_KEY),
        nobody.with(header::COOKIE, "pi_admin=wrong"),
        nobody.with(header::COOKIE, "pi_admin="),
        nobody.with(header::COOKIE, &format!("other={API_KEY}")),
        // A wrong key is not made good by a cookie.
        app.admin().await.with(header::AUTHORIZATION, "Bearer pi_wrong"),
    ];
    for stranger in strangers {
        for (method, path) in endpoints(&id) {
            let body = wish().to_string().into_bytes();
            let reply = stranger.send(method.parse().expect("a method"), &path, Some("application/json"), body).await;
            reply.problem(401);
        }
    }
    let unknown = session_path(&uuid::Uuid::new_v4().to_string());
    nobody.get(&unknown).await.problem(401);
    assert_eq!(app.stats().await["stats"]["total_sessions"], 1);
    assert_eq!(app.get_session(&id).await["session"]["status"], "initialized");
    nobody.with(header::AUTHORIZATION, &format!("bearer {API_KEY}")).get(&session_path(&id)).await.ok();
}

async fn an_admin_s_cookie_is_as_good_as_a_key(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    let id = admin.post(&create_path(), &wish()).await.ok()["session_id"].as_str().expect("an id").to_owned();
    for (method, path) in endpoints(&id) {
        let body = wish().to_string().into_bytes();
        admin.send(method.parse().expect("a method"), &path, None, body).await.ok();
        if path.ends_with("/end") {
            let (_, candidate) = app.invite(&["One?"]).await;
            candidate.view().await;
            let by =
                app.state.sessions.get(crate::support::app::session_id(&id)).await.expect("the session").end_reason;
            assert_eq!(serde_json::to_value(by).expect("JSON"), "ended_by_admin", "history says who it was");
        }
    }
}

async fn other_sites_cannot_use_the_cookie(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (id, _) = app.invite(&["One?"]).await;
    let admin = app.admin().await;
    let site = HeaderName::from_static("sec-fetch-site");
    let foreign = [
        admin.with(header::ORIGIN, "https://evil.example"),
        admin.with(header::ORIGIN, "null"),
        admin.with(site.clone(), "cross-site"),
        admin.with(site.clone(), "same-site"),
    ];
    for page in &foreign {
        page.post_empty(&format!("{}/start", session_path(&id))).await.problem(403);
        page.post(&create_path(), &wish()).await.problem(403);
        page.delete(&session_path(&id)).await.problem(403);
        page.rpc("delete_session", &[("id", &id)]).await.problem(403);
        page.get(&session_path(&id)).await.ok();
    }
    assert_eq!(app.get_session(&id).await["session"]["status"], "initialized");
    assert_eq!(app.stats().await["stats"]["total_sessions"], 1);
    for own in [admin.with(header::ORIGIN, &app.url), admin.with(site.clone(), "same-origin"), admin.with(site, "none")]
    {
        own.post_empty(&format!("{}/start", session_path(&id))).await.ok();
    }
    // A page of another site does not know the key.
    app.api().with(header::ORIGIN, "https://partner.example").post(&create_path(), &wish()).await.ok();
}

async fn a_logout_makes_the_cookie_worthless(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (one, other) = (app.admin().await, app.admin().await);
    let reply = one.rpc("logout", &[]).await;
    assert_eq!(reply.status, 200, "{}", reply.text);
    assert!(reply.header("set-cookie").contains("Max-Age=0"), "{}", reply.header("set-cookie"));
    one.get(&format!("{BASE}/stats")).await.problem(401);
    other.get(&format!("{BASE}/stats")).await.ok();
}

async fn a_login_ends_after_twelve_hours(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let admin = app.admin().await;
    app.clock.advance_s(12 * 3600 - 1);
    admin.get(&format!("{BASE}/stats")).await.ok();
    app.clock.advance_s(2);
    admin.get(&format!("{BASE}/stats")).await.problem(401);

    let reply = app.anonymous().rpc("login", &[("email", " ADMIN@Example.org"), ("password", ADMIN_PASSWORD)]).await;
    let cookie = reply.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=43200"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    for (email, password) in [(ADMIN_EMAIL, "wrong"), ("nobody@example.org", ADMIN_PASSWORD), (ADMIN_EMAIL, "")] {
        let reply = app.anonymous().rpc("login", &[("email", email), ("password", password)]).await;
        let detail = reply.rpc_error(401);
        assert_eq!(detail, "The e-mail address or the password is wrong.", "says not which");
        assert_eq!(reply.header("set-cookie"), "");
    }
}

async fn a_login_link_works_once_and_for_an_hour(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let enter = async |token: &str| app.anonymous().get(&format!("/admin/enter?token={token}")).await;
    let link = async || app.state.accounts.login_link().await.expect("a link").expect("an admin");

    let token = link().await;
    let reply = enter(&token).await;
    assert_eq!((reply.status, reply.header("location")), (303, "/admin"), "{}", reply.text);
    let admin: Client = app.anonymous().with(header::COOKIE, &cookie_of(reply.header("set-cookie")));
    admin.get(&format!("{BASE}/stats")).await.ok();
    let current = admin.rpc("current_admin", &[]).await.ok();
    assert_eq!(current, json!({ "email": ADMIN_EMAIL }));

    let old = link().await;
    app.clock.advance_s(3601);
    for token in [token.as_str(), &old, "made-up", ""] {
        let reply = enter(token).await;
        assert_eq!((reply.status, reply.header("location")), (303, "/admin/login?reason=link"), "{token}");
        assert_eq!(reply.header("set-cookie"), "");
    }
}

async fn other_credentials_take_the_place_of_the_former_ones(backend: &Backend) {
    let app = TestApp::start(backend).await;
    let (api, admin, stats) = (app.api(), app.admin().await, format!("{BASE}/stats"));
    for former in [&api, &admin] {
        former.get(&stats).await.ok();
    }
    let (key, password) = ("pi_another_key_of_the_integration_tests", "another password");
    let another = Bootstrap {
        admin_email: Some(ADMIN_EMAIL.into()),
        admin_password: Some(password.into()),
        api_key: Some(key.into()),
    };
    app.state.accounts.bootstrap(another).await.expect("as at a start");
    app.clock.advance_s(30);
    for former in [&api, &admin] {
        former.get(&stats).await.problem(401);
    }
    app.with_key(key).get(&stats).await.ok();
    let login = async |password| app.anonymous().rpc("login", &[("email", ADMIN_EMAIL), ("password", password)]).await;
    login(ADMIN_PASSWORD).await.rpc_error(401);
    assert_eq!(login(password).await.status, 200);
}

async fn https_links_keep_browsers_to_https(backend: &Backend) {
    let app = TestApp::start_behind(backend, "https://a.example").await;
    let asked = ["max-age=31536000", "__Host-pi_admin=", "connect-src 'self' wss: https:;"];
    assert_asks_browsers(&app, asked, true).await;
}

async fn http_links_ask_browsers_for_nothing_that_needs_https(backend: &Backend) {
    let app = TestApp::start(backend).await;
    assert_asks_browsers(&app, ["", "pi_admin=", "connect-src 'self' ws: wss: http: https:;"], false).await;
}

async fn assert_asks_browsers(app: &TestApp, [strict, cookie, connections]: [&str; 3], secure: bool) {
    for path in ["/admin/login", "/health/live", "/favicon.svg"] {
        assert_eq!(app.anonymous().get(path).await.header("strict-transport-security"), strict, "{path}");
    }
    let page = app.anonymous().get("/admin/login").await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains(connections), "{policy}");
    let form = [("email", ADMIN_EMAIL), ("password", ADMIN_PASSWORD)];
    let reply = app.anonymous().rpc("login", &form).await;
    let set = reply.header("set-cookie");
    assert!(set.starts_with(cookie) && set.contains("; Secure") == secure, "{set}");
    app.admin().await.get(&format!("{BASE}/stats")).await.ok();
}
