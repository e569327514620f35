//! Fair time: when a question's time is over, what outages give back, and what admins give.
//!
//! An outage counts when the server confirms it: its own, or one in which the candidate was neither heard on the channel nor
//! seen in LiveKit's room. A page that was closed is none. Since LiveKit takes a while to miss somebody, a question waits
//! for so long before an outage that nobody confirmed is held against the candidate.

use super::decide::Refusal;
use crate::model::{
    Actor, Closing, Event, GRACE_S, Loss, OpenQuestion, OutageCause, Session, Status, TimeRules, UnixMillis, WorkerId,
};

/// Milliseconds of an outage below which nothing is given back: every change of page has them.
const SHORT_MS: i64 = 3_000;

/// Milliseconds in which LiveKit surely notices that somebody is gone.
const LIVEKIT_NOTICES_MS: i64 = 30_000;

/// Whether the open question's time and its grace are over. While an outage lasts, what it will give back counts already.
#[must_use]
pub fn is_over(session: &Session, now: UnixMillis) -> bool {
    let Some(open) = session.open else { return false };
    let given_back = session.presence.loss.filter(|loss| counts(loss, now)).map_or(0, |loss| {
        let (_, ms) = creditable(session, open, loss.since, now);
        ms
    });
    now.0 > open.deadline.plus_seconds(GRACE_S).0.saturating_add(given_back)
}

/// When the open question's time is over. While an outage lasts that is confirmed, with what it has given back so far.
#[must_use]
pub fn deadline(session: &Session, now: UnixMillis) -> Option<UnixMillis> {
    let open = session.open?;
    let given_back = match end_of_loss(session, now) {
        Some(Event::TimeCredited { ms, .. }) => ms,
        _ => 0,
    };
    Some(UnixMillis(open.deadline.0.saturating_add(given_back)))
}

fn counts(loss: &Loss, now: UnixMillis) -> bool {
    match loss.how {
        _ if loss.over => false,
        Closing::Left => false,
        Closing::ServerDown => true,
        Closing::Lost => loss.unseen || now.since(loss.since) < LIVEKIT_NOTICES_MS,
    }
}

/// Whose fault an outage is that the server confirms.
fn confirmed(loss: &Loss) -> Option<OutageCause> {
    match loss.how {
        _ if loss.over => None,
        Closing::ServerDown => Some(OutageCause::Server),
        Closing::Lost if loss.unseen => Some(OutageCause::Connection),
        Closing::Lost | Closing::Left => None,
    }
}

/// What is given back for an outage that ends now because the candidate's browser is there again.
pub(super) fn end_of_loss(session: &Session, now: UnixMillis) -> Option<Event> {
    let loss = session.presence.loss?;
    credit(session, loss.since, now, confirmed(&loss)?)
}

/// What is given back because `worker` did not work, unless another one looked after the candidate.
pub(super) fn server_down(session: &Session, worker: WorkerId, from: UnixMillis, to: UnixMillis) -> Option<Event> {
    let elsewhere = session.presence.channel.is_some_and(|channel| channel.worker != worker);
    // An outage that lasts is given back as a whole when it ends.
    let lasting = session.presence.loss.is_some_and(|loss| confirmed(&loss).is_some());
    if elsewhere || lasting { None } else { credit(session, from, to, OutageCause::Server) }
}

/// What is given back for an outage, if a question was open in it.
fn credit(session: &Session, from: UnixMillis, to: UnixMillis, cause: OutageCause) -> Option<Event> {
    let open = session.open.filter(|_| session.status == Status::InProgress)?;
    let (from, ms) = creditable(session, open, from, to);
    let long = to.since(from) >= SHORT_MS && ms > 0;
    long.then_some(Event::TimeCredited { question: open.index, ms, from, to, cause })
}

/// From when on an outage counts for the open question, and how many milliseconds the caps leave of it.
fn creditable(session: &Session, open: OpenQuestion, from: UnixMillis, to: UnixMillis) -> (UnixMillis, i64) {
    let from = from.max(open.delivered_at).max(open.credited_until);
    if from > open.deadline.plus_seconds(GRACE_S) {
        return (from, 0);
    }
    let left_of = |cap_s: u32, used_ms: i64| (i64::from(cap_s) * 1000 - used_ms).max(0);
    let caps = left_of(session.time.credit_question_s, open.credited_ms)
        .min(left_of(session.time.credit_total_s, session.credited_ms));
    (from, to.since(from).clamp(0, caps))
}

/// Sets accommodations. The open question's time is never cut by it.
pub(super) fn set_rules(session: &Session, rules: TimeRules, by: Actor) -> Result<Vec<Event>, Refusal> {
    match session.status {
        Status::Completed => Err(Refusal::Completed),
        _ if session.time == rules => Ok(vec![]),
        _ => {
            let deadline = session.open.map(|open| {
                let kind = session.questions[open.index as usize].kind;
                let with = rules.seconds_for(session.timers, kind).saturating_add(open.granted_s);
                let moved = open.delivered_at.plus_seconds(with).0.saturating_add(open.credited_ms);
                UnixMillis(moved).max(open.deadline)
            });
            Ok(vec![Event::TimeRulesSet { rules, deadline, by }])
        }
    }
}

/// Gives more time for the open question: `total_s` seconds in all, so that asking twice gives it once.
pub(super) fn grant(session: &Session, question: u32, total_s: u32, by: Actor) -> Result<Vec<Event>, Refusal> {
    let open = session.open.filter(|open| open.index == question).ok_or(Refusal::NotOpen)?;
    if total_s <= open.granted_s {
        return Ok(vec![]);
    }
    let deadline = open.deadline.plus_seconds(total_s - open.granted_s);
    Ok(vec![Event::TimeGranted { question, total_s, deadline, by }])
}
