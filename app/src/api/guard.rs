//! The server's half of the server functions: who asks, and what the answer's status is.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::ConnectInfo,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts},
};
use leptos::prelude::{expect_context, use_context};
use leptos_axum::ResponseOptions;

use super::PAGE_SIZE;
use crate::{
    components::words::mark,
    error::{AppError, ErrorKind},
    interview::Command,
    model::{
        Actor, Admin, CreatedView, Dashboard, NewInterview, NoticeId, RoomAccess, RoomState, SessionDetail,
        SessionFilter, SessionId, TimeRules, Timeline,
    },
    service::{AppState, ServiceError, accounts::LOGIN, random_uuid},
    validate,
};

/// The cookie that says who is logged in.
pub const COOKIE: &str = "pi_admin";

/// The same where links begin with https.
pub const SECURE_COOKIE: &str = "__Host-pi_admin";

/// The worker's services.
#[must_use]
pub fn state() -> AppState {
    expect_context::<AppState>()
}

/// Passes the result on and gives the response the status that belongs to it.
///
/// # Errors
/// The one it was given.
pub fn answer<T, E: Into<AppError>>(result: Result<T, E>) -> Result<T, AppError> {
    result.map_err(|error| {
        let error: AppError = error.into();
        if let Some(response) = use_context::<ResponseOptions>().filter(|_| !is_plain_form()) {
            response.set_status(StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
            if let Some(seconds) = error.retry_after_s {
                response.insert_header(header::RETRY_AFTER, HeaderValue::from(seconds));
            }
        }
        error
    })
}

/// Whether a form was sent without JavaScript. A refusal then sends the browser back to the form, which shows it.
fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| {
        let accepted = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
        parts.method == Method::POST && accepted.is_some_and(|types| types.contains("text/html"))
    })
}

/// Whether links begin with https.
#[must_use]
pub fn is_secure(app: &AppState) -> bool {
    app.sessions.public_url().starts_with("https:")
}

/// The admin's token in the request's cookies, under the name that [`login_cookie`] gives it: another site of the same domain may
/// have set the other one.
#[must_use]
pub fn cookie_token(headers: &HeaderMap, secure: bool) -> Option<&str> {
    let wanted = if secure { SECURE_COOKIE } else { COOKIE };
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(name, value)| (name == wanted).then_some(value))
}

/// The network a request comes from: an IPv4 address, or the first half of an IPv6 one, which is what one customer has. Behind a
/// load balancer on this host or in a private network, what that says of it.
#[must_use]
pub fn client_network(headers: &HeaderMap, peer: Option<SocketAddr>) -> String {
    // A socket for both families tells IPv4 peers as IPv6 ones (`::ffff:…`).
    let Some(peer) = peer.map(|peer| peer.ip().to_canonical()) else { return "unknown".into() };
    let trusted = match peer {
        IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    };
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    match forwarded.and_then(|line| line.rsplit(',').next()).map(str::trim).filter(|_| trusted) {
        Some(said) if !said.is_empty() => address_in(said).map_or_else(|| said.to_owned(), network),
        _ => network(peer),
    }
}

/// Some proxies add the port.
fn address_in(said: &str) -> Option<IpAddr> {
    said.parse().ok().or_else(|| said.parse::<SocketAddr>().ok().map(|address| address.ip()))
}

fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

/// The cookie that logs in, or with an empty token the one that logs out. `secure`: links begin with https. Then no other site
/// of the same domain can set it.
#[must_use]
pub fn login_cookie(token: &str, secure: bool) -> String {
    let age = if token.is_empty() { 0 } else { LOGIN.as_secs() };
    let (name, secure) = if secure { (SECURE_COOKIE, "; Secure") } else { (COOKIE, "") };
    format!("{name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}")
}

async fn admin() -> Result<Admin, AppError> {
    let unauthorized = || AppError::new(ErrorKind::Unauthorized, "Please log in first.");
    current_admin().await?.ok_or_else(unauthorized)
}

pub(super) async fn current_admin() -> Result<Option<Admin>, AppError> {
    let parts = expect_context::<Parts>();
    let state = state();
    match cookie_token(&parts.headers, is_secure(&state)) {
        Some(token) => Ok(state.accounts.admin(token).await?),
        None => Ok(None),
    }
}

pub(super) async fn login(email: &str, password: &str) -> Result<(), AppError> {
    let parts = expect_context::<Parts>();
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let address = client_network(&parts.headers, peer);
    let token = state().accounts.login(&address, email, password).await?;
    set_cookie(&token);
    leptos_axum::redirect("/admin");
    Ok(())
}

pub(super) async fn logout() -> Result<(), AppError> {
    let parts = expect_context::<Parts>();
    let state = state();
    if let Some(token) = cookie_token(&parts.headers, is_secure(&state)) {
        state.accounts.logout(token).await?;
    }
    set_cookie("");
    leptos_axum::redirect("/admin/login");
    Ok(())
}

fn set_cookie(token: &str) {
    if let Ok(value) = HeaderValue::from_str(&login_cookie(token, is_secure(&state()))) {
        expect_context::<ResponseOptions>().insert_header(header::SET_COOKIE, value);
    }
}

pub(super) async fn dashboard(filter: SessionFilter, page: u32) -> Result<Dashboard, AppError> {
    admin().await?;
    let state = state();
    let stats = state.stats.read().await;
    let offset = u64::from(page) * u64::from(PAGE_SIZE);
    let found = state.sessions.list(&filter, PAGE_SIZE, offset).await?;
    Ok(Dashboard {
        stats,
        sessions: found.sessions,
        total: found.total,
        page,
        page_size: PAGE_SIZE,
        server_now: state.clock.now(),
    })
}

pub(super) async fn create_interview(wish: NewInterview) -> Result<CreatedView, AppError> {
    admin().await?;
    let state = state();
    let live_video = state.rooms.is_up().is_some();
    let created = state.creation.create(wish).await?;
    if is_plain_form() {
        // Where a page without JavaScript finds the link.
        leptos_axum::redirect(&format!("/admin/session/{}", created.session.id));
    }
    let warning = (live_video && created.room.is_none())
        .then(|| "LiveKit does not answer: the interview works, live video follows when it is back.".to_owned());
    Ok(CreatedView {
        session_id: created.session.id,
        name: created.session.candidate.name.clone(),
        join_url: created.join_url,
        warning,
    })
}

pub(super) async fn session_detail(id: SessionId) -> Result<SessionDetail, AppError> {
    admin().await?;
    let state = state();
    let session = state.sessions.get(id).await?;
    Ok(SessionDetail {
        id,
        seq: session.seq,
        candidate: session.candidate.clone(),
        job: session.job.clone(),
        status: session.status,
        questions: session.questions.clone(),
        max_questions: session.max_questions,
        timers: session.timers,
        time: session.time,
        credited_ms: session.credited_ms,
        notices: session.notices.clone(),
        created_at: session.created_at,
        started_at: session.started_at,
        ended_at: session.ended_at,
        end_reason: session.end_reason,
        consent_at: session.consent_at,
        devices: session.devices,
        delivered: session.delivered,
        open: session.open,
        answers: session.answers.clone(),
        dialogue: session.dialogue.clone(),
        mean_score: session.mean_score().map(|score| mark(Some(score))),
        scores: session.evaluations.iter().map(|known| (known.question, mark(known.score()))).collect(),
        violations_count: session.violations_count,
        has_room: matches!(session.room.state, RoomState::Open { .. }),
        present: session.candidate_present(),
        contact: session.contact(),
        join_url: state.sessions.join_url(id),
        server_now: state.clock.now(),
    })
}

pub(super) async fn start_session(id: SessionId) -> Result<(), AppError> {
    admin().await?;
    state().sessions.step(id, &Command::Start { by: Actor::Admin }).await?;
    Ok(())
}

pub(super) async fn end_session(id: SessionId) -> Result<(), AppError> {
    admin().await?;
    state().rooms.step_to_end(id, &Command::End { by: Actor::Admin }).await?;
    Ok(())
}

pub(super) async fn send_notice(id: SessionId, notice: Option<NoticeId>, text: &str) -> Result<(), AppError> {
    admin().await?;
    let text = validate::notice(text)?;
    let notice = notice.unwrap_or_else(|| NoticeId(random_uuid()));
    state().sessions.step(id, &Command::SendNotice { id: notice, text, by: Actor::Admin }).await?;
    back_to_session(id);
    Ok(())
}

pub(super) async fn grant_time(id: SessionId, question: u32, total_s: u32) -> Result<(), AppError> {
    admin().await?;
    if total_s > TimeRules::MAX_S {
        return Err(AppError::bad_request("A question can be extended by 60 minutes at most."));
    }
    state().sessions.step(id, &Command::GrantTime { question, total_s, by: Actor::Admin }).await?;
    back_to_session(id);
    Ok(())
}

pub(super) async fn set_time_rules(id: SessionId, rules: TimeRules) -> Result<(), AppError> {
    admin().await?;
    validate::time_rules(&rules)?;
    state().sessions.step(id, &Command::SetTimeRules { rules, by: Actor::Admin }).await?;
    back_to_session(id);
    Ok(())
}

/// Where a form without JavaScript came from.
fn back_to_session(id: SessionId) {
    if is_plain_form() {
        leptos_axum::redirect(&format!("/admin/session/{id}"));
    }
}

pub(super) async fn timeline(id: SessionId) -> Result<Timeline, AppError> {
    admin().await?;
    let events = state().sessions.events(id).await?;
    let session = state().sessions.get(id).await?;
    Ok(crate::service::timeline::of(&session, &events))
}

pub(super) async fn delete_session(id: SessionId) -> Result<(), AppError> {
    admin().await?;
    match state().delete_session(id).await {
        // Deleted already, perhaps by the other tab: what was asked for is so.
        Ok(()) | Err(ServiceError::NoSession(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn observe(id: SessionId) -> Result<Option<RoomAccess>, AppError> {
    admin().await?;
    Ok(state().rooms.observer_access(id).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: header::HeaderName, values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    fn address(peer: &str, forwarded: &'static str) -> String {
        let headers = headers(header::HeaderName::from_static("x-forwarded-for"), &[forwarded]);
        client_network(&headers, Some(peer.parse().unwrap()))
    }

    #[test]
    fn a_proxy_in_the_same_network_is_believed_and_nobody_else() {
        for peer in ["127.0.0.1:9", "10.1.2.3:9", "[::ffff:172.18.0.2]:9", "[::1]:9", "[fd00::2]:9"] {
            assert_eq!(address(peer, "198.51.100.1, 203.0.113.7"), "203.0.113.7", "{peer}");
        }
        for peer in ["192.0.2.1:9", "[::ffff:192.0.2.1]:9"] {
            assert_eq!(address(peer, "203.0.113.7"), "192.0.2.1", "{peer}");
        }
        assert_eq!(address("127.0.0.1:9", " "), "127.0.0.1");
    }

    #[test]
    fn one_customer_is_one_address() {
        assert_eq!(address("[2001:db8:1:2:3::4]:9", ""), "2001:db8:1:2::/64");
        for said in ["2001:db8:1:2:ffff::1", "[2001:db8:1:2:3:4:5:6]:443"] {
            assert_eq!(address("127.0.0.1:9", said), "2001:db8:1:2::/64", "{said}");
        }
        for said in ["203.0.113.7", "203.0.113.7:51000", "::ffff:203.0.113.7"] {
            assert_eq!(address("127.0.0.1:9", said), "203.0.113.7", "{said}");
        }
        assert_eq!(address("127.0.0.1:9", "_hidden"), "_hidden");
    }

    #[test]
    fn with_https_links_no_cookie_counts_that_another_site_can_set() {
        let both = headers(header::COOKIE, &["a=b; pi_admin=planted", "__Host-pi_admin=own"]);
        assert_eq!(cookie_token(&both, true), Some("own"));
        assert_eq!(cookie_token(&headers(header::COOKIE, &["pi_admin=planted"]), true), None);
        assert_eq!(cookie_token(&headers(header::COOKIE, &["pi_admin=own"]), false), Some("own"));
        assert!(login_cookie("t", true).starts_with("__Host-pi_admin=t; Path=/; "));
        assert!(login_cookie("t", true).ends_with("; Secure"));
        assert!(login_cookie("t", false).starts_with("pi_admin=t; ") && !login_cookie("t", false).contains("Secure"));
    }
}
