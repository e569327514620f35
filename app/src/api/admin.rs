//! What admin pages call. All but login ask for an admin's cookie.

use leptos::prelude::*;

use crate::{
    error::AppError,
    model::{
        Admin, CreatedView, Dashboard, NoticeId, QuestionKind, RoomAccess, SessionDetail, SessionFilter, SessionId,
        Timeline,
    },
};

/// Sessions on one page of the dashboard.
pub const PAGE_SIZE: u32 = 25;

/// Logs in and goes to the dashboard. A plain form works too.
#[server(prefix = "/rpc", endpoint = "login")]
pub async fn login(email: String, password: String) -> Result<(), AppError> {
    super::guard::answer(super::guard::login(&email, &password).await)
}

/// Logs out and goes to the login page.
#[server(prefix = "/rpc", endpoint = "logout")]
pub async fn logout() -> Result<(), AppError> {
    super::guard::answer(super::guard::logout().await)
}

/// The admin who is logged in.
#[server(prefix = "/rpc", endpoint = "current_admin")]
pub async fn current_admin() -> Result<Option<Admin>, AppError> {
    super::guard::answer(super::guard::current_admin().await)
}

/// Figures and a page of sessions. `page` is 0 for the first; `PAGE_SIZE` sessions a page, newest first.
#[server(prefix = "/rpc", endpoint = "load_dashboard")]
pub async fn load_dashboard(filter: SessionFilter, page: u32) -> Result<Dashboard, AppError> {
    super::guard::answer(super::guard::dashboard(filter, page).await)
}

/// Makes a session from a form. `question_types` has an entry for each question.
#[server(prefix = "/rpc", endpoint = "create_interview")]
pub async fn create_interview(
    name: String,
    email: String,
    #[server(default)] phone: String,
    #[server(default)] questions: Vec<String>,
    #[server(default)] question_types: Vec<QuestionKind>,
    text_question_timer: u32,
    coding_question_timer: u32,
) -> Result<CreatedView, AppError> {
    let wish = crate::model::NewInterview {
        name,
        email,
        phone: Some(phone),
        questions,
        question_types,
        text_question_timer: Some(text_question_timer),
        coding_question_timer: Some(coding_question_timer),
        ..Default::default()
    };
    super::guard::answer(super::guard::create_interview(wish).await)
}

/// Everything about one session.
#[server(prefix = "/rpc", endpoint = "load_session")]
pub async fn load_session(id: SessionId) -> Result<SessionDetail, AppError> {
    super::guard::answer(super::guard::session_detail(id).await)
}

/// Shows the candidate a message. Sending the same `notice` again shows it once; without one the server makes it up.
#[server(prefix = "/rpc", endpoint = "send_notice")]
pub async fn send_notice(id: SessionId, notice: Option<NoticeId>, text: String) -> Result<(), AppError> {
    super::guard::answer(super::guard::send_notice(id, notice, &text).await)
}

/// Gives more time for the question that is open: `total_s` seconds in all, so that asking twice gives it once.
#[server(prefix = "/rpc", endpoint = "grant_time")]
pub async fn grant_time(id: SessionId, question: u32, total_s: u32) -> Result<(), AppError> {
    super::guard::answer(super::guard::grant_time(id, question, total_s).await)
}

/// Sets accommodations, and how much is given back for outages. The open question's time is never cut by it.
#[server(prefix = "/rpc", endpoint = "set_time_rules")]
pub async fn set_time_rules(
    id: SessionId,
    percent: u32,
    extra_minutes: u32,
    credit_question_s: u32,
    credit_total_s: u32,
) -> Result<(), AppError> {
    let extra_s = extra_minutes.saturating_mul(60);
    let rules = crate::model::TimeRules { percent, extra_s, credit_question_s, credit_total_s };
    super::guard::answer(super::guard::set_time_rules(id, rules).await)
}

/// What happened in a session, oldest first.
#[server(prefix = "/rpc", endpoint = "load_timeline")]
pub async fn load_timeline(id: SessionId) -> Result<Timeline, AppError> {
    super::guard::answer(super::guard::timeline(id).await)
}

/// Starts a session. Starting a started one changes nothing.
#[server(prefix = "/rpc", endpoint = "start_session")]
pub async fn start_session(id: SessionId) -> Result<(), AppError> {
    super::guard::answer(super::guard::start_session(id).await)
}

/// Ends a session and closes its room.
#[server(prefix = "/rpc", endpoint = "end_session")]
pub async fn end_session(id: SessionId) -> Result<(), AppError> {
    super::guard::answer(super::guard::end_session(id).await)
}

/// Removes a session and everything about it.
#[server(prefix = "/rpc", endpoint = "delete_session")]
pub async fn delete_session(id: SessionId) -> Result<(), AppError> {
    super::guard::answer(super::guard::delete_session(id).await)
}

/// A hidden observer's way into the session's room. `None`: there is no room to watch now.
#[server(prefix = "/rpc", endpoint = "observe")]
pub async fn observe(id: SessionId) -> Result<Option<RoomAccess>, AppError> {
    super::guard::answer(super::guard::observe(id).await)
}
