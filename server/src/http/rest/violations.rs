//! What proctoring found in a session, and what people make of it.

use app::{
    error::AppError,
    model::{Decision, Review, Session, SessionId, Violation, ViolationKey},
    service::{AppState, proctoring::NewReview},
};
use axum::{
    Json,
    extract::{FromRequestParts, Path, State},
    http::request::Parts,
    response::Response,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::{
        auth::Caller,
        pictures::picture,
        problem::{Failure, Problem},
    },
    BASE, SessionPath,
    body::JsonBody,
    refusals::Usual,
    views::rfc3339,
};

/// What a person made of a violation.
#[derive(Serialize, ToSchema)]
pub struct ReviewView {
    /// `confirmed`, `dismissed` or `escalated`.
    pub decision: &'static str,
    pub reason: String,
    /// The admin's e-mail address, or `API`.
    pub by: String,
    /// RFC 3339, UTC.
    pub at: String,
}

impl From<&Review> for ReviewView {
    fn from(review: &Review) -> Self {
        let Review { decision, reason, by, at } = review;
        Self { decision: decision.as_str(), reason: reason.clone(), by: by.clone(), at: rfc3339(*at) }
    }
}

#[derive(Serialize, ToSchema)]
pub struct StillView {
    /// RFC 3339, UTC.
    pub at: String,
    /// Path of the picture on this server.
    pub path: String,
}

/// Something that was flagged or noted. A hint for people, not a verdict.
#[derive(Serialize, ToSchema)]
pub struct ViolationView {
    /// Names it within its session.
    pub id: String,
    /// Such as `no_face`, as in a job's policy.
    pub kind: &'static str,
    /// `info`, `low`, `medium`, `high` or `critical`.
    #[schema(value_type = String)]
    pub severity: proctor::policy::Severity,
    /// RFC 3339, UTC.
    pub from: String,
    /// RFC 3339, UTC. Null while it goes on.
    pub to: Option<String>,
    /// Whether it is more than a note and was not dismissed.
    pub counts: bool,
    /// Whether the candidate sees it in the own record.
    pub shown: bool,
    /// What the server found, where it found it by itself; else why it is so and only noted, as the page says.
    pub detail: Option<String>,
    /// What the candidate says about it.
    pub note: Option<String>,
    /// Null: nobody decided yet.
    pub review: Option<ReviewView>,
    /// Decisions that do not hold any more, oldest first: it became graver after them.
    pub earlier_reviews: Vec<ReviewView>,
    pub stills: Vec<StillView>,
}

/// What the server found or the page says, and whether the page owes it something.
fn detail(violation: &Violation) -> Option<String> {
    let missing = violation.pictures_missing.then_some("its pictures did not come");
    let parts: Vec<_> = violation.detail.as_deref().into_iter().chain(missing).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

impl ViolationView {
    pub fn new(session: SessionId, violation: &Violation) -> Self {
        let key = violation.key;
        Self {
            id: key.to_string(),
            kind: key.kind.name(),
            severity: violation.severity,
            from: rfc3339(violation.from),
            to: violation.to.map(rfc3339),
            counts: violation.counts(),
            shown: violation.shown,
            detail: detail(violation),
            note: violation.note.clone(),
            review: violation.review.as_ref().map(Into::into),
            earlier_reviews: violation.earlier_reviews.iter().map(Into::into).collect(),
            stills: violation
                .stills
                .iter()
                .map(|still| StillView {
                    at: rfc3339(still.at),
                    path: format!("{BASE}/session/{session}/violations/{key}/stills/{}", still.number),
                })
                .collect(),
        }
    }
}

/// Answer to `GET …/violations`.
#[derive(Serialize, ToSchema)]
pub struct ViolationsAnswer {
    pub status: &'static str,
    pub session_id: String,
    /// Whether this interview is proctored at all.
    pub proctored: bool,
    /// RFC 3339, UTC. When the page began to report; null: it never did.
    pub began_at: Option<String>,
    /// RFC 3339, UTC. When the pictures and logs were erased.
    pub erased_at: Option<String>,
    /// Of those that count.
    pub proctoring_violations_count: u32,
    /// Violations beyond the number that a session keeps.
    pub uncounted: u32,
    /// Pictures that the server has asked for and looked at.
    pub spot_checks: usize,
    /// All, notes and dismissed ones too, in the order in which they began.
    pub violations: Vec<ViolationView>,
}

impl ViolationsAnswer {
    fn new(session: &Session, spot_checks: usize) -> Self {
        let kept = session.proctoring.as_ref();
        let mut violations: Vec<_> = kept.map_or(&[][..], |kept| &kept.violations).iter().collect();
        violations.sort_by_key(|violation| violation.key);
        Self {
            status: "success",
            session_id: session.id.to_string(),
            proctored: kept.is_some(),
            began_at: kept.and_then(|kept| kept.began_at).map(rfc3339),
            erased_at: kept.and_then(|kept| kept.erased_at).map(rfc3339),
            proctoring_violations_count: session.violations_count,
            uncounted: kept.map_or(0, |kept| kept.uncounted),
            spot_checks,
            violations: violations.into_iter().map(|violation| ViolationView::new(session.id, violation)).collect(),
        }
    }
}

#[derive(Deserialize, ToSchema)]
pub struct ReviewBody {
    /// `confirmed`, `dismissed` or `escalated`.
    pub decision: String,
    /// Required for dismissing.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub reason: String,
}

/// Answer to a review.
#[derive(Serialize, ToSchema)]
pub struct ReviewAnswer {
    pub status: &'static str,
    pub message: &'static str,
    pub session_id: String,
    pub violation: ViolationView,
    /// Of those that count, after this.
    pub proctoring_violations_count: u32,
}

/// The violation that the path names, with its session, and the picture's number where there is one.
pub struct ViolationPath {
    id: SessionId,
    key: ViolationKey,
    number: u8,
}

impl<S: Send + Sync> FromRequestParts<S> for ViolationPath {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let SessionPath(id) = SessionPath::from_request_parts(parts, state).await?;
        let Path(path) = Path::<Names>::from_request_parts(parts, state).await.map_err(|_| unknown())?;
        let number = path.number.as_deref().unwrap_or("0").parse().map_err(|_| unknown())?;
        Ok(Self { id, key: path.violation.parse().map_err(|_| unknown())?, number })
    }
}

#[derive(Deserialize)]
struct Names {
    violation: String,
    number: Option<String>,
}

fn unknown() -> AppError {
    AppError::not_found("There is no such violation in this session.")
}

/// What was flagged or noted, with what people made of it.
#[utoipa::path(
    get, path = "/api/parallel_interview/session/{id}/violations", tag = "proctoring",
    params(("id" = String, Path, description = "The session's id")),
    responses(
        (status = 200, body = ViolationsAnswer),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        Usual,
    )
)]
pub async fn list(
    _: Caller,
    State(app): State<AppState>,
    SessionPath(id): SessionPath,
) -> Result<Json<ViolationsAnswer>, Failure> {
    let session = app.sessions.get(id).await?;
    let spot_checks = app.proctor.looked_at(id).await?;
    Ok(Json(ViolationsAnswer::new(&session, spot_checks)))
}

/// Decides on a violation. The last decision stands; the same once more changes nothing.
#[utoipa::path(
    post, path = "/api/parallel_interview/session/{id}/violations/{violation}/review", tag = "proctoring",
    request_body = ReviewBody,
    params(
        ("id" = String, Path, description = "The session's id"),
        ("violation" = String, Path, description = "The violation's id"),
    ),
    responses(
        (status = 200, body = ReviewAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json", description = "No such decision, or no reason"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Too much was explained already"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "Body over 256 KiB"),
        Usual,
    )
)]
pub async fn review(
    caller: Caller,
    State(app): State<AppState>,
    ViolationPath { id, key, .. }: ViolationPath,
    JsonBody(body): JsonBody<ReviewBody>,
) -> Result<Json<ReviewAnswer>, Failure> {
    let allowed = || AppError::bad_request("`decision` must be confirmed, dismissed or escalated.");
    let decision = Decision::from_word(&body.decision).ok_or_else(allowed)?;
    let new = NewReview { violation: key, decision, reason: body.reason, by: caller.name() };
    let session = app.proctor.review(id, new).await?;
    let violation = session.proctoring.as_ref().and_then(|kept| kept.violation(key)).ok_or_else(unknown)?;
    Ok(Json(ReviewAnswer {
        status: "success",
        message: "Violation reviewed",
        session_id: id.to_string(),
        violation: ViolationView::new(id, violation),
        proctoring_violations_count: session.violations_count,
    }))
}

/// A picture of a violation.
#[utoipa::path(
    get, path = "/api/parallel_interview/session/{id}/violations/{violation}/stills/{number}", tag = "proctoring",
    params(
        ("id" = String, Path, description = "The session's id"),
        ("violation" = String, Path, description = "The violation's id"),
        ("number" = u8, Path, description = "Of the picture, 0 for the first"),
    ),
    responses(
        (status = 200, body = Vec<u8>, content_type = "image/jpeg"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No such picture, or erased"),
        Usual,
    )
)]
pub async fn still(
    _: Caller,
    State(app): State<AppState>,
    ViolationPath { id, key, number }: ViolationPath,
) -> Result<Response, Failure> {
    app.sessions.get(id).await?;
    picture(app.proctor.still(id, key, number).await?)
}
