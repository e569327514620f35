//! Admin pages that the server alone renders: jobs, invitations, reports and webhooks.
//!
//! They are plain HTML with plain forms, and work without scripts. Browsers load no WebAssembly for them, and what they are
//! made of does not add to what the interview pages load.

mod document;
mod hooks;
mod invitations;
mod invite;
mod job;
mod job_form;
mod jobs;
mod parts;
mod problem;
mod report;

pub use document::{Document, Sheet};
pub use hooks::{HooksView, hooks};
pub use invitations::{invitations, invited};
pub use invite::invite;
pub use job::{EditorView, editor};
pub use job_form::{Action, Focus, JobForm};
pub use jobs::{file_name, import, jobs};
pub use problem::{Again, problem};
pub use report::{Corrected, CorrectionForm, ReportState, report};

pub use crate::components::Fields;
