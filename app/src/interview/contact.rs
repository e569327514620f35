//! The candidate's browser: its channel, and what is said on it.

use super::{decide::Refusal, time::end_of_loss, words};
use crate::model::{Actor, ChannelId, Closing, Event, NoticeId, Session, Status, UnixMillis, WorkerId};

/// Notices of one session at most.
const MAX_NOTICES: usize = 100;

/// A page connected, or took over from an older one. Ends an outage.
pub(super) fn open_channel(session: &Session, channel: ChannelId, worker: WorkerId, now: UnixMillis) -> Vec<Event> {
    let known = session.presence.channel.is_some_and(|open| open.id == channel && open.worker == worker);
    if known || session.status == Status::Completed {
        return vec![];
    }
    end_of_loss(session, now).into_iter().chain([Event::ChannelOpened { channel, worker }]).collect()
}

/// The channel ended, unless a newer one took over meanwhile.
pub(super) fn close_channel(
    session: &Session,
    channel: ChannelId,
    worker: WorkerId,
    last_seen: UnixMillis,
    how: Closing,
) -> Vec<Event> {
    let open = session.presence.channel.filter(|open| open.id == channel && open.worker == worker);
    let Some(open) = open else { return vec![] };
    vec![Event::ChannelClosed { channel, last_seen: last_seen.max(open.since), how }]
}

/// Whoever can ask is not cut off. So a channel that is closed on purpose gives no time beyond the next question to us.
pub(super) fn note_heard(session: &Session, now: UnixMillis) -> Vec<Event> {
    if session.status != Status::InProgress || !session.presence.is_cut_off() {
        return vec![];
    }
    end_of_loss(session, now).into_iter().chain([Event::HeardAgain]).collect()
}

pub(super) fn note_away(session: &Session, channel: ChannelId, away: bool) -> Vec<Event> {
    let live = session.presence.channel.is_some_and(|open| open.id == channel);
    let changed = session.presence.away_since.is_some() != away;
    if live && changed && session.status != Status::Completed { vec![Event::AwayChanged { away }] } else { vec![] }
}

pub(super) fn send_notice(session: &Session, id: NoticeId, text: &str, by: Actor) -> Result<Vec<Event>, Refusal> {
    if session.notices.iter().any(|known| known.id == id) {
        return Ok(vec![]);
    }
    if session.status == Status::Completed {
        return Err(Refusal::Completed);
    }
    if session.notices.len() >= MAX_NOTICES {
        return Err(Refusal::TooManyNotices);
    }
    words::have_room(session, text, None)?;
    Ok(vec![Event::NoticeSent { id, text: text.to_owned(), by }])
}

pub(super) fn read_notice(session: &Session, id: NoticeId) -> Vec<Event> {
    let unread = session.notices.iter().any(|notice| notice.id == id && notice.read_at.is_none());
    if unread { vec![Event::NoticeRead { id }] } else { vec![] }
}
