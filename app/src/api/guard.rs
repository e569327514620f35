//! The server's half of the server functions: who asks, and what the answer's status is.

use std::net::SocketAddr;

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

/// The admin's token in the request's cookies.
#[must_use]
pub fn cookie_token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then_some(value))
}

/// Where a request comes from. Behind a load balancer on this host or in a private network, what that says of it.
#[must_use]
pub fn client_address(headers: &HeaderMap, peer: Option<SocketAddr>) -> String {
    let Some(peer) = peer.map(|peer| peer.ip()) else { return "unknown".into() };
    let trusted = match peer {
        std::net::IpAddr::V4(ip) => ip.is_loopback() || ip.is_private(),
        std::net::IpAddr::V6(ip) => ip.is_loopback() || ip.is_unique_local(),
    };
    let forwarded = headers.get_all("x-forwarded-for").iter().next_back().and_then(|value| value.to_str().ok());
    match forwarded.and_then(|line| line.rsplit(',').next()).map(str::trim).filter(|_| trusted) {
        Some(address) if !address.is_empty() => address.to_owned(),
        _ => peer.to_string(),
    }
}

/// The cookie that logs in, or with an empty token the one that logs out. `secure`: links begin with https.
#[must_use]
pub fn login_cookie(token: &str, secure: bool) -> String {
    let age = if token.is_empty() { 0 } else { LOGIN.as_secs() };
    let secure = if secure { "; Secure" } else { "" };
    format!("{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age}{secure}")
}

async fn admin() -> Result<Admin, AppError> {
    let unauthorized = || AppError::new(ErrorKind::Unauthorized, "Please log in first.");
    current_admin().await?.ok_or_else(unauthorized)
}

pub(super) async fn current_admin() -> Result<Option<Admin>, AppError> {
    let parts = expect_context::<Parts>();
    match cookie_token(&parts.headers) {
        Some(token) => Ok(state().accounts.admin(token).await?),
        None => Ok(None),
    }
}

pub(super) async fn login(email: &str, password: &str) -> Result<(), AppError> {
    let parts = expect_context::<Parts>();
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0);
    let address = client_address(&parts.headers, peer);
    let token = state().accounts.login(&address, email, password).await?;
    set_cookie(&token);
    leptos_axum::redirect("/admin");
    Ok(())
}

pub(super) async fn logout() -> Result<(), AppError> {
    let parts = expect_context::<Parts>();
    if let Some(token) = cookie_token(&parts.headers) {
        state().accounts.logout(token).await?;
    }
    set_cookie("");
    leptos_axum::redirect("/admin/login");
    Ok(())
}

fn set_cookie(token: &str) {
    let secure = state().sessions.public_url().starts_with("https:");
    if let Ok(value) = HeaderValue::from_str(&login_cookie(token, secure)) {
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
