//! Webhooks: where news is sent to, and what became of it.

use app::{
    desk::{self, HooksView},
    error::{AppError, ErrorKind},
    service::{AppState, ServiceError},
};
use axum::{extract::State, http::StatusCode, response::Response};

use super::{
    super::address::{Asked, Named},
    Failure, LoggedIn, Sent, Told, comes_back, see_other, show_with, status_of,
};

/// Deliveries shown.
const SHOWN: u32 = 100;

pub async fn open(State(app): State<AppState>, _: LoggedIn, Asked(told): Asked<Told>) -> Result<Response, Failure> {
    let made = Some(told.made.as_str()).filter(|made| !made.is_empty());
    page(&app, StatusCode::OK, HooksView { done: told.words(), made, ..HooksView::default() }).await
}

/// The page with what is known now.
async fn page(app: &AppState, status: StatusCode, view: HooksView<'_>) -> Result<Response, Failure> {
    let hooks = app.hooks.list().await?;
    let deliveries = app.hooks.deliveries(SHOWN).await?;
    let about: Vec<_> = deliveries.iter().map(|delivery| delivery.session).collect();
    let there = app.sessions.those_there(&about).await.map_err(ServiceError::from)?;
    let view = HooksView { hooks: &hooks, deliveries: &deliveries, there, limit: SHOWN, ..view };
    Ok(show_with(app, status, desk::hooks(view)))
}

pub async fn add(State(app): State<AppState>, sent: Sent) -> Result<Response, Failure> {
    let url = sent.fields.one("url");
    match app.hooks.add_once(sent.once().as_ref(), &url).await.map_err(AppError::from) {
        Ok(hook) => Ok(see_other(&format!("/admin/webhooks?done=added&made={}", hook.id))),
        Err(error) if comes_back(&error) => {
            let view = HooksView { typed: &url, trouble: Some(&error), ..HooksView::default() };
            page(&app, status_of(&error), view).await
        }
        Err(error) => Err(error.into()),
    }
}

pub async fn remove(State(app): State<AppState>, _: LoggedIn, Named(id): Named) -> Result<Response, Failure> {
    match app.hooks.remove(&id).await {
        Ok(()) => {}
        // Somebody else was quicker: what was asked for is so.
        Err(ServiceError::Told(error)) if error.kind == ErrorKind::NotFound => {}
        Err(error) => return Err(error.into()),
    }
    Ok(see_other("/admin/webhooks?done=removed"))
}

pub async fn send_again(State(app): State<AppState>, Sent { fields, .. }: Sent) -> Result<Response, Failure> {
    app.hooks.send_again(&fields.one("delivery")).await?;
    Ok(see_other("/admin/webhooks?done=sent#deliveries"))
}
