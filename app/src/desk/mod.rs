//! Pages that the server alone renders: jobs, invitations, reports, reviews and webhooks for admins, and for candidates the
//! record of what is kept about them.
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
mod log_words;
mod paging;
mod parts;
mod problem;
mod proctoring;
mod record;
mod report;
mod review;

pub use document::{Document, Sheet};
pub use hooks::{HooksView, hooks};
pub use invitations::{invitations, invited};
pub use invite::invite;
pub use job::{EditorView, editor};
pub use job_form::{Action, Focus, JobForm};
pub use jobs::{file_name, import, jobs};
pub use log_words::{Summary, entry_words};
pub use paging::{LINES, Place};
pub use problem::{Again, problem};
pub use proctoring::{DecisionForm, FlagOrder, ProctoringView, proctoring};
pub use record::{NoteForm, OwnLog, RecordView, no_record, record};
pub use report::{Corrected, CorrectionForm, ReportState, report};
pub use review::review;

pub use crate::components::Fields;
