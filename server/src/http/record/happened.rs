//! What happened in an interview, for whom it is about: without what other people made of it, and without their names.

use app::model::{Event, Recorded, SessionId};
use serde_json::{Value, json};

use super::super::rest::EventView;

/// An event as the candidate reads it. None: it is about others' work, or about others.
pub fn told(id: SessionId, recorded: &Recorded) -> Option<Value> {
    match &recorded.event {
        Event::Evaluated { .. } | Event::ScoreCorrected { .. } | Event::ReportMade { .. } | Event::Announced { .. } => {
            return None;
        }
        Event::ParticipantJoined { identity, .. } | Event::ParticipantLeft { identity, .. }
            if *identity != id.candidate_identity() =>
        {
            return None;
        }
        _ => {}
    }
    let EventView { at, kind, mut details, .. } = EventView::from(recorded);
    if matches!(recorded.event, Event::ViolationReviewed { .. })
        && let Some(details) = details.as_object_mut()
    {
        details.remove("by");
    }
    Some(json!({ "at": at, "what": kind, "details": details }))
}

/// All of it, in order.
pub fn course(id: SessionId, events: &[Recorded]) -> Vec<Value> {
    events.iter().filter_map(|recorded| told(id, recorded)).collect()
}
