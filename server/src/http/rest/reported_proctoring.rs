//! What a report says of proctoring, as clients read it.

use app::model::{LogVerdict, ReportedProctoring, ReportedViolation};
use serde::Serialize;
use utoipa::ToSchema;

use super::{views::rfc3339, violations::ReviewView};

/// A violation that counts. A hint for people, not a verdict.
#[derive(Serialize, ToSchema)]
pub struct ReportedViolationView {
    /// Such as `no_face`, as in a job's policy.
    pub kind: &'static str,
    /// `low`, `medium`, `high` or `critical`.
    #[schema(value_type = String)]
    pub severity: proctor::policy::Severity,
    /// RFC 3339, UTC.
    pub from: String,
    /// RFC 3339, UTC. Null: it went on to the end.
    pub to: Option<String>,
    /// Null: nobody decided yet.
    pub review: Option<ReviewView>,
    /// What the candidate says about it.
    pub note: Option<String>,
}

impl From<&ReportedViolation> for ReportedViolationView {
    fn from(violation: &ReportedViolation) -> Self {
        Self {
            kind: violation.kind.name(),
            severity: violation.severity,
            from: rfc3339(violation.from),
            to: violation.to.map(rfc3339),
            review: violation.review.as_ref().map(Into::into),
            note: violation.note.clone(),
        }
    }
}

/// What proctoring came to. Flags are hints for people, not verdicts.
#[derive(Serialize, ToSchema)]
pub struct ReportedProctoringView {
    pub proctored: bool,
    /// Whether the candidate's page reported anything.
    pub reported: bool,
    pub reference_face_captured: bool,
    /// Pictures that the server has asked for and looked at. Null: not known any more.
    pub spot_checks: Option<u32>,
    /// Spot checks that show the person of the device check.
    pub spot_checks_same_person: Option<u32>,
    /// Whether the log of what was observed is whole. Null: it was not found out.
    pub log_whole: Option<bool>,
    /// Of the time in which questions were open, how much the page reported: 0..=100. Null: no question was open, or it is not
    /// known.
    pub reported_percent: Option<u32>,
    /// Those that count: neither mere notes nor dismissed.
    pub violations: Vec<ReportedViolationView>,
    pub dismissed: u32,
    pub notes: u32,
    /// Violations beyond the number that a session keeps.
    pub uncounted: u32,
}

impl From<&ReportedProctoring> for ReportedProctoringView {
    fn from(told: &ReportedProctoring) -> Self {
        let recordings = told.recordings;
        Self {
            proctored: told.proctored,
            reported: told.reported,
            reference_face_captured: told.reference,
            spot_checks: recordings.map(|kept| kept.spot_checks),
            spot_checks_same_person: recordings.map(|kept| kept.same_person),
            log_whole: recordings.and_then(|kept| match kept.log {
                LogVerdict::Whole => Some(true),
                LogVerdict::Broken => Some(false),
                LogVerdict::NotRead => None,
            }),
            reported_percent: recordings.and_then(|kept| kept.coverage).map(app::model::Coverage::percent),
            violations: told.violations.iter().map(Into::into).collect(),
            dismissed: told.dismissed,
            notes: told.notes,
            uncounted: told.uncounted,
        }
    }
}
