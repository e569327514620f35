//! Reports, and scores that people correct.

use std::sync::Arc;

use app::{
    error::{AppError, ErrorKind},
    interview::Command,
    model::{Correction, Criteria, Criterion, Evaluation, Evaluator, Report, ReportedQuestion, SessionId, Status},
    service::{AppState, ServiceError},
    validate,
};
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    super::{
        auth::Caller,
        problem::{Failure, Problem},
    },
    SessionPath,
    body::JsonBody,
    refusals::Usual,
    reported_proctoring::ReportedProctoringView,
    views::{UserDetails, rfc3339},
};
use crate::printer::Printer;

#[derive(Serialize, ToSchema)]
pub struct CriterionView {
    /// 0..=10.
    pub score: f64,
    pub sentence: String,
    /// Parts of the answer, word for word.
    pub quotes: Vec<String>,
}

impl From<&Criterion> for CriterionView {
    fn from(criterion: &Criterion) -> Self {
        let Criterion { score, sentence, quotes } = criterion.clone();
        Self { score, sentence, quotes }
    }
}

#[derive(Serialize, ToSchema)]
pub struct CriteriaView {
    pub relevance: CriterionView,
    pub correctness: CriterionView,
    pub depth: CriterionView,
    pub clarity: CriterionView,
}

impl From<&Criteria> for CriteriaView {
    fn from(criteria: &Criteria) -> Self {
        Self {
            relevance: (&criteria.relevance).into(),
            correctness: (&criteria.correctness).into(),
            depth: (&criteria.depth).into(),
            clarity: (&criteria.clarity).into(),
        }
    }
}

/// A score that a person set in place of the evaluator's.
#[derive(Serialize, ToSchema)]
pub struct CorrectionView {
    /// 0..=10.
    pub score: f64,
    pub reason: String,
    pub by: String,
    /// RFC 3339, UTC.
    pub at: String,
}

#[derive(Serialize, ToSchema)]
pub struct EvaluationView {
    /// The one that counts: 0..=10. Null: the answer could not be evaluated, and nobody set a score yet.
    pub score: Option<f64>,
    /// The evaluator's own: 0..=10. Null: the answer could not be evaluated.
    pub evaluator_score: Option<f64>,
    /// `offline` or the model's name.
    pub evaluator: String,
    pub criteria: CriteriaView,
    /// What was not measured, and what went wrong on the way.
    pub notes: Vec<String>,
    pub correction: Option<CorrectionView>,
}

impl From<&Evaluation> for EvaluationView {
    fn from(evaluation: &Evaluation) -> Self {
        let verdict = &evaluation.verdict;
        Self {
            score: evaluation.score(),
            evaluator_score: verdict.measured(),
            evaluator: match &verdict.by {
                Evaluator::Offline => "offline".to_owned(),
                Evaluator::Model { name } => name.clone(),
            },
            criteria: (&verdict.criteria).into(),
            notes: verdict.notes.clone(),
            correction: evaluation.correction.as_ref().map(|correction| CorrectionView {
                score: correction.score,
                reason: correction.reason.clone(),
                by: correction.by.clone(),
                at: rfc3339(correction.at),
            }),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct ReportedQuestionView {
    /// 0 for the first.
    pub index: u32,
    pub question: String,
    /// `text` or `coding`.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: app::model::QuestionKind,
    /// Null: it was not dealt with.
    pub answer: Option<String>,
    /// `submitted`, `timed_out` or `no_response`.
    #[schema(value_type = Option<String>)]
    pub outcome: Option<app::model::AnswerOutcome>,
    /// Seconds.
    pub time_used: Option<f64>,
    pub evaluation: Option<EvaluationView>,
}

impl From<&ReportedQuestion> for ReportedQuestionView {
    fn from(question: &ReportedQuestion) -> Self {
        let answer = question.answer.as_ref();
        Self {
            index: question.index,
            question: question.text.clone(),
            kind: question.kind,
            answer: answer.map(|answer| answer.text.clone()),
            outcome: answer.map(|answer| answer.outcome),
            time_used: answer.map(|answer| answer.time_used_ms as f64 / 1000.0),
            evaluation: question.evaluation.as_ref().map(Into::into),
        }
    }
}

/// Means of the criteria over evaluated answers, 0..=10; null where nothing was evaluated.
#[derive(Serialize, ToSchema)]
pub struct KpisView {
    pub relevance: Option<f64>,
    pub correctness: Option<f64>,
    pub depth: Option<f64>,
    pub clarity: Option<f64>,
}

#[derive(Serialize, ToSchema)]
pub struct TimelineView {
    /// RFC 3339, UTC.
    pub at: String,
    pub text: String,
}

#[derive(Serialize, ToSchema)]
pub struct UtteranceView {
    /// `interviewer` or `candidate`.
    #[schema(value_type = String)]
    pub speaker: app::model::Speaker,
    pub text: String,
    /// RFC 3339, UTC.
    pub at: String,
}

#[derive(Serialize, ToSchema)]
pub struct ReportView {
    pub session_id: String,
    pub user_details: UserDetails,
    pub job_id: Option<String>,
    pub job_title: Option<String>,
    /// RFC 3339, UTC.
    pub made_at: String,
    /// Higher in each report that is made of the same interview.
    pub version: u64,
    pub started_at: Option<String>,
    pub ended_at: Option<String>,
    pub summary: String,
    /// 0..=10.
    pub average_score: f64,
    pub kpis: KpisView,
    pub questions_planned: u32,
    pub questions_asked: u32,
    pub questions_answered: u32,
    /// Answered of planned: 0..=1.
    pub completion_rate: f64,
    /// Seconds spent on answers.
    pub time_used: f64,
    pub questions: Vec<ReportedQuestionView>,
    pub strengths: Vec<String>,
    pub gaps: Vec<String>,
    pub proctoring_violations_count: u32,
    /// Null in reports that were made before they told of it.
    pub proctoring: Option<ReportedProctoringView>,
    pub timeline: Vec<TimelineView>,
    /// How much more happened than the timeline shows: connections, looks away and the like.
    pub timeline_left_out: u32,
    pub transcript: Vec<UtteranceView>,
    pub evaluated_by: Vec<String>,
    /// What this report says nothing about, and why.
    pub not_measured: Vec<String>,
}

impl From<&Report> for ReportView {
    fn from(report: &Report) -> Self {
        let kpis = report.criteria;
        Self {
            session_id: report.session_id.to_string(),
            user_details: (&report.candidate).into(),
            job_id: report.job.as_ref().map(|job| job.id.0.clone()),
            job_title: report.job.as_ref().map(|job| job.title.clone()),
            made_at: rfc3339(report.made_at),
            version: report.basis,
            started_at: report.started_at.map(rfc3339),
            ended_at: report.ended_at.map(rfc3339),
            summary: report.summary.clone(),
            average_score: report.average_score,
            kpis: KpisView {
                relevance: kpis.relevance,
                correctness: kpis.correctness,
                depth: kpis.depth,
                clarity: kpis.clarity,
            },
            questions_planned: report.completion.planned,
            questions_asked: report.completion.asked,
            questions_answered: report.completion.answered,
            completion_rate: report.completion.rate,
            time_used: report.time_used_ms as f64 / 1000.0,
            questions: report.questions.iter().map(Into::into).collect(),
            strengths: report.strengths.clone(),
            gaps: report.gaps.clone(),
            proctoring_violations_count: report.violations_count,
            proctoring: report.proctoring.as_ref().map(Into::into),
            timeline: report
                .timeline
                .iter()
                .map(|entry| TimelineView { at: rfc3339(entry.at), text: entry.text.clone() })
                .collect(),
            timeline_left_out: report.timeline_left_out,
            transcript: report
                .transcript
                .iter()
                .map(|said| UtteranceView { speaker: said.speaker, text: said.text.clone(), at: rfc3339(said.at) })
                .collect(),
            evaluated_by: report.evaluated_by.clone(),
            not_measured: report.not_measured.clone(),
        }
    }
}

#[derive(Serialize, ToSchema)]
pub struct ReportAnswer {
    pub status: &'static str,
    pub report: ReportView,
}

/// The report is being made.
#[derive(Serialize, ToSchema)]
pub struct ReportPending {
    pub status: &'static str,
    pub message: &'static str,
}

#[derive(Deserialize, ToSchema)]
pub struct ScoreBody {
    /// Index of the question, 0 for the first.
    pub question: u32,
    #[schema(minimum = 0, maximum = 10)]
    pub score: f64,
    /// Why.
    #[schema(max_length = 1000)]
    pub reason: String,
}

#[derive(Serialize, ToSchema)]
pub struct ScoreAnswer {
    pub status: &'static str,
    pub message: &'static str,
    pub session_id: String,
    /// 0..=10.
    pub average_score: f64,
}

/// The report as it should be now; `None` while it is being made.
async fn current(app: &AppState, id: SessionId) -> Result<Option<Report>, AppError> {
    let session = app.sessions.get(id).await?;
    if session.status != Status::Completed {
        let text = "There is no report yet: it is made when the interview has ended.";
        return Err(AppError::new(ErrorKind::Conflict, text));
    }
    if session.answered() == 0 {
        return Err(AppError::not_found("Nothing was answered in this interview, so there is no report."));
    }
    let report = app.work.report(id).await?;
    Ok(report.filter(|report| report.basis == session.basis))
}

fn pending() -> Response {
    let body = ReportPending { status: "pending", message: "The report is being made. Ask again in a moment." };
    (StatusCode::ACCEPTED, [(header::RETRY_AFTER, "1")], Json(body)).into_response()
}

/// The report of an ended session.
#[utoipa::path(
    get, path = "/api/parallel_interview/session/{id}/report", tag = "reports",
    params(("id" = String, Path, description = "The session's id")),
    responses(
        (status = 200, body = ReportAnswer),
        (status = 202, body = ReportPending, description = "It is being made"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No such session, or nothing to report on"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Not ended yet"),
        Usual,
    )
)]
pub async fn read(_: Caller, State(app): State<AppState>, SessionPath(id): SessionPath) -> Result<Response, Failure> {
    let report = current(&app, id).await?;
    Ok(report.map_or_else(pending, |report| {
        Json(ReportAnswer { status: "success", report: (&report).into() }).into_response()
    }))
}

/// The report as a PDF. Very long answers are shortened in it, which it says; `report` has them whole. 503 also while
/// many reports are being laid out.
#[utoipa::path(
    get, path = "/api/parallel_interview/session/{id}/report.pdf", tag = "reports",
    params(("id" = String, Path, description = "The session's id")),
    responses(
        (status = 200, body = Vec<u8>, content_type = "application/pdf"),
        (status = 202, body = ReportPending, description = "It is being made"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "No such session, or nothing to report on"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Not ended yet"),
        Usual,
    )
)]
pub async fn pdf(
    _: Caller,
    State(app): State<AppState>,
    State(printer): State<Arc<Printer>>,
    SessionPath(id): SessionPath,
) -> Result<Response, Failure> {
    let Some(report) = current(&app, id).await? else { return Ok(pending()) };
    let bytes = printer.print(report).await?;
    let name = format!("inline; filename=\"report-{id}.pdf\"");
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// Sets a score in place of the evaluator's. Both stay; the report is made again.
#[utoipa::path(
    post, path = "/api/parallel_interview/session/{id}/score", tag = "reports", request_body = ScoreBody,
    params(("id" = String, Path, description = "The session's id")),
    responses(
        (status = 200, body = ScoreAnswer),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Not evaluated yet, or too much was explained already"),
        (status = 413, body = Problem, content_type = "application/problem+json", description = "Body over 256 KiB"),
        Usual,
    )
)]
pub async fn correct(
    caller: Caller,
    State(app): State<AppState>,
    SessionPath(id): SessionPath,
    JsonBody(body): JsonBody<ScoreBody>,
) -> Result<Json<ScoreAnswer>, Failure> {
    let reason = validate::correction(body.score, &body.reason)?;
    let correction = Correction { score: body.score, reason, by: caller.name(), at: app.clock.now() };
    let command = Command::CorrectScore { question: body.question, correction };
    let session = app.sessions.step(id, &command).await.map_err(|error: ServiceError| AppError::from(error))?;
    Ok(Json(ScoreAnswer {
        status: "success",
        message: "Score corrected",
        session_id: id.to_string(),
        average_score: session.average_score(),
    }))
}
