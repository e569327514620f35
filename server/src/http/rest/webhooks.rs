//! Where news is sent to, and what became of it.

use app::{
    model::{Delivery, DeliveryState, Hook},
    service::AppState,
};
use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::{
        address::Named,
        auth::Caller,
        problem::{Failure, Problem},
    },
    body::JsonBody,
    once::{IdempotencyKey, Repeating},
    refusals::Usual,
    views::rfc3339,
};

/// Deliveries that are listed.
const LISTED: u32 = 200;

#[derive(Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct HookBody {
    /// `https://` or `http://`.
    #[schema(required = true, max_length = 2000)]
    url: String,
}

#[derive(Serialize, ToSchema)]
pub struct HookView {
    pub id: String,
    pub url: String,
    /// Signs what is sent, as the Standard Webhooks specification has it.
    pub secret: String,
    /// RFC 3339, UTC. What happened before is not sent.
    pub created_at: String,
    /// RFC 3339, UTC: when it answered 410. Nothing is sent there until a delivery is sent again.
    pub gone_at: Option<String>,
}

impl From<&Hook> for HookView {
    fn from(hook: &Hook) -> Self {
        let (created_at, gone_at) = (rfc3339(hook.created_at), hook.gone_at.map(rfc3339));
        Self { id: hook.id.clone(), url: hook.url.clone(), secret: hook.secret.clone(), created_at, gone_at }
    }
}

#[derive(Serialize, ToSchema)]
pub struct HookAnswer {
    pub status: &'static str,
    pub webhook: HookView,
}

#[derive(Serialize, ToSchema)]
pub struct HooksAnswer {
    pub status: &'static str,
    pub webhooks: Vec<HookView>,
}

/// One attempt to deliver.
#[derive(Serialize, ToSchema)]
pub struct AttemptView {
    /// RFC 3339, UTC.
    pub at: String,
    /// The receiver's status.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct DeliveryView {
    /// Also in the header `webhook-id`; the same in every attempt.
    pub id: String,
    pub webhook_id: String,
    pub url: String,
    /// `session.created`, `session.started`, `session.completed`, `report.ready` or `session.deleted`.
    pub event: &'static str,
    pub session_id: String,
    /// `due`, `delivered` or `given_up`.
    pub state: &'static str,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// RFC 3339, UTC; when it is tried next.
    pub due_at: Option<String>,
    pub attempts: Vec<AttemptView>,
}

impl From<&Delivery> for DeliveryView {
    fn from(delivery: &Delivery) -> Self {
        let due = delivery.state == DeliveryState::Due;
        let attempts = delivery.attempts.iter().map(|attempt| AttemptView {
            at: rfc3339(attempt.at),
            status: attempt.outcome.as_ref().ok().copied(),
            error: attempt.outcome.as_ref().err().cloned(),
        });
        Self {
            id: delivery.id.clone(),
            webhook_id: delivery.hook.clone(),
            url: delivery.url.clone(),
            event: delivery.news.as_str(),
            session_id: delivery.session.to_string(),
            state: match delivery.state {
                DeliveryState::Due => "due",
                DeliveryState::Delivered => "delivered",
                DeliveryState::GivenUp => "given_up",
            },
            created_at: rfc3339(delivery.created_at),
            due_at: due.then(|| rfc3339(delivery.due_at)),
            attempts: attempts.collect(),
        }
    }
}

/// What is sent: a POST with this, for each piece of news. The headers `webhook-id`, `webhook-timestamp` and `webhook-signature`
/// are those of the Standard Webhooks specification.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is written elsewhere, and described here")]
pub struct WebhookNews {
    /// `session.created`, `session.started`, `session.completed`, `report.ready` or `session.deleted`. There may be several
    /// `report.ready` of one session: a report is made again when a score is set, a flag is decided about, or the rest of
    /// proctoring's log arrives after the end.
    #[schema(rename = "type")]
    kind: String,
    /// RFC 3339, UTC, always with milliseconds: when it happened.
    timestamp: String,
    data: WebhookNewsData,
}

/// A session as it is when the news is sent. Of a session that was deleted there is nothing but `session_id`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is written elsewhere, and described here")]
pub struct WebhookNewsData {
    session_id: String,
    /// `initialized`, `in_progress` or `completed`.
    #[schema(required = false)]
    status: String,
    #[schema(required = false)]
    job_id: Option<String>,
    #[schema(required = false)]
    questions_answered: u32,
    /// 0..=10 over evaluated answers; 0 with none.
    #[schema(required = false)]
    average_score: f64,
    /// In `report.ready`: the `version` of that report. A receiver that has a report of a lower one fetches it anew.
    #[schema(required = false)]
    report_version: u64,
}

#[derive(Serialize, ToSchema)]
pub struct DeliveriesAnswer {
    pub status: &'static str,
    /// Newest first, of the last 30 days. Of a deleted session only what is still to be sent, and the news of its deletion.
    pub deliveries: Vec<DeliveryView>,
}

#[derive(Serialize, ToSchema)]
pub struct DoneAnswer {
    pub status: &'static str,
    pub message: &'static str,
}

/// Sends news of sessions (`WebhookNews`) to an address from now on: at least once, and in any order. The `timestamp` in it says
/// when it happened.
#[utoipa::path(
    post, path = "/api/parallel_interview/webhooks", tag = "webhooks", request_body = HookBody,
    params(IdempotencyKey),
    responses(
        (status = 200, body = HookAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "There are 20 already"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "Body over 256 KiB"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "The key was used with another request"),
        Usual,
    )
)]
pub async fn create(
    Repeating(key): Repeating,
    State(app): State<AppState>,
    JsonBody(body): JsonBody<HookBody>,
) -> Result<Json<HookAnswer>, Failure> {
    let hook = app.hooks.add_once(key.as_ref(), &body.url).await?;
    Ok(Json(HookAnswer { status: "success", webhook: (&hook).into() }))
}

/// All addresses.
#[utoipa::path(
    get, path = "/api/parallel_interview/webhooks", tag = "webhooks",
    responses(
        (status = 200, body = HooksAnswer),
        Usual,
    )
)]
pub async fn list(_: Caller, State(app): State<AppState>) -> Result<Json<HooksAnswer>, Failure> {
    let webhooks = app.hooks.list().await?.iter().map(Into::into).collect();
    Ok(Json(HooksAnswer { status: "success", webhooks }))
}

/// Sends nothing there any more.
#[utoipa::path(
    delete, path = "/api/parallel_interview/webhooks/{id}", tag = "webhooks",
    params(("id" = String, Path, description = "The webhook's id")),
    responses(
        (status = 200, body = DoneAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        Usual,
    )
)]
pub async fn delete(_: Caller, State(app): State<AppState>, Named(id): Named) -> Result<Json<DoneAnswer>, Failure> {
    app.hooks.remove(&id).await?;
    Ok(Json(DoneAnswer { status: "success", message: "Webhook removed" }))
}

/// What was sent and is to be sent.
#[utoipa::path(
    get, path = "/api/parallel_interview/webhooks/deliveries", tag = "webhooks",
    responses(
        (status = 200, body = DeliveriesAnswer),
        Usual,
    )
)]
pub async fn deliveries(_: Caller, State(app): State<AppState>) -> Result<Json<DeliveriesAnswer>, Failure> {
    let deliveries = app.hooks.deliveries(LISTED).await?.iter().map(Into::into).collect();
    Ok(Json(DeliveriesAnswer { status: "success", deliveries }))
}

/// Sends a delivery again, now. A receiver that was gone gets news again.
#[utoipa::path(
    post, path = "/api/parallel_interview/webhooks/deliveries/{id}/again", tag = "webhooks",
    params(("id" = String, Path, description = "The delivery's id")),
    responses(
        (status = 200, body = DoneAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "It is being sent right now"),
        Usual,
    )
)]
pub async fn again(_: Caller, State(app): State<AppState>, Named(id): Named) -> Result<Json<DoneAnswer>, Failure> {
    app.hooks.send_again(&id).await?;
    Ok(Json(DoneAnswer { status: "success", message: "The delivery is sent again" }))
}
