//! What a candidate's page calls. The invite decides the session; a browser chooses nothing else.

use leptos::prelude::*;

use crate::{
    error::AppError,
    model::{AnswerId, CandidateView, Invite, NoticeId, RoomAccess},
};

/// The interview as it is now.
#[server(prefix = "/rpc", endpoint = "load_interview")]
pub async fn load_interview(invite: Invite) -> Result<CandidateView, AppError> {
    super::guard::answer(super::guard::state().candidates.view(&invite).await)
}

/// Records the candidate's consent.
#[server(prefix = "/rpc", endpoint = "give_consent")]
pub async fn give_consent(invite: Invite) -> Result<CandidateView, AppError> {
    super::guard::answer(super::guard::state().candidates.consent(&invite).await)
}

/// Records what the device check found; `false` for what the candidate goes on without.
#[server(prefix = "/rpc", endpoint = "report_devices")]
pub async fn report_devices(invite: Invite, camera: bool, microphone: bool) -> Result<CandidateView, AppError> {
    let devices = crate::model::DeviceCheck { camera, microphone };
    super::guard::answer(super::guard::state().candidates.check_devices(&invite, devices).await)
}

/// Starts the interview and delivers the first question.
#[server(prefix = "/rpc", endpoint = "start_interview")]
pub async fn start_interview(invite: Invite) -> Result<CandidateView, AppError> {
    super::guard::answer(super::guard::state().candidates.start(&invite).await)
}

/// Delivers the next question when none is open.
#[server(prefix = "/rpc", endpoint = "open_question")]
pub async fn open_question(invite: Invite) -> Result<CandidateView, AppError> {
    super::guard::answer(super::guard::state().candidates.open_question(&invite).await)
}

/// Takes an answer and delivers the next question. Sending the same `id` again changes nothing.
#[server(prefix = "/rpc", endpoint = "submit_answer")]
pub async fn submit_answer(
    invite: Invite,
    id: AnswerId,
    question: u32,
    #[server(default)] text: String,
) -> Result<CandidateView, AppError> {
    let given = crate::interview::GivenAnswer { id, question, text };
    super::guard::answer(super::guard::state().candidates.answer(&invite, given).await)
}

/// Ends the interview at the candidate's wish. With `id`, `text` is the answer to the open question.
#[server(prefix = "/rpc", endpoint = "finish_interview")]
pub async fn finish_interview(
    invite: Invite,
    id: Option<AnswerId>,
    #[server(default)] question: u32,
    #[server(default)] text: String,
) -> Result<CandidateView, AppError> {
    let answer = id.map(|id| crate::interview::GivenAnswer { id, question, text });
    super::guard::answer(super::guard::state().candidates.finish(&invite, answer).await)
}

/// Notes that the candidate has read a notice of the hiring team.
#[server(prefix = "/rpc", endpoint = "read_notice")]
pub async fn read_notice(invite: Invite, id: NoticeId) -> Result<CandidateView, AppError> {
    super::guard::answer(super::guard::state().candidates.read_notice(&invite, id).await)
}

/// The candidate's way into the LiveKit room. `None`: the interview goes on without live video for now.
#[server(prefix = "/rpc", endpoint = "join_room")]
pub async fn join_room(invite: Invite) -> Result<Option<RoomAccess>, AppError> {
    super::guard::answer(super::guard::state().candidates.join(&invite).await)
}
