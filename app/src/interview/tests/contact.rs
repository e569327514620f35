use super::*;

fn notice(n: u128) -> Command {
    Command::SendNotice { id: NoticeId(uuid::Uuid::from_u128(n)), text: format!("Notice {n}"), by: Actor::Admin }
}

fn read(n: u128) -> Command {
    Command::ReadNotice { id: NoticeId(uuid::Uuid::from_u128(n)) }
}

fn away(of: u128, away: bool) -> Command {
    Command::NoteAway { channel: channel(of), away }
}

#[test]
fn a_channel_is_opened_once() {
    let mut session = fresh(1);
    assert_eq!(session.contact(), Contact::None);
    assert_eq!(run(&mut session, open(1, 1), T0).unwrap().len(), 1);
    assert_eq!(decide(&session, &open(1, 1), at(1)), Ok(vec![]), "the same page at the same worker");
    assert_eq!(session.contact(), Contact::Online);
    run(&mut session, open(1, 2), at(1)).unwrap();
    assert_eq!(session.presence.channel.unwrap().worker, worker(2), "the same page at another worker");
}

#[test]
fn a_newer_page_takes_over_and_the_older_one_s_end_is_no_news() {
    let mut session = connected(1);
    run(&mut session, away(1, true), at(1)).unwrap();
    run(&mut session, open(2, 1), at(2)).unwrap();
    assert_eq!(session.presence.channel.unwrap().id, channel(2));
    assert_eq!(session.contact(), Contact::Online, "the newer page is seen");
    for (of, to) in [(1, 1), (2, 2), (1, 2)] {
        assert_eq!(decide(&session, &close(of, to, at(2), Closing::Lost), at(9)), Ok(vec![]), "{of} at {to}");
    }
    assert_eq!(decide(&session, &away(1, true), at(3)), Ok(vec![]), "the older page has no say");
    run(&mut session, close(2, 1, at(3), Closing::Left), at(3)).unwrap();
    assert_eq!(session.contact(), Contact::Left { since: at(3) });
    assert_eq!(decide(&session, &close(2, 1, at(3), Closing::Lost), at(9)), Ok(vec![]), "closed once");
}

#[test]
fn a_channel_is_not_lost_before_it_was_opened() {
    let mut session = answering(1);
    run(&mut session, open(1, 1), at(10)).unwrap();
    run(&mut session, close(1, 1, UnixMillis(0), Closing::ServerDown), at(20)).unwrap();
    assert_eq!(session.presence.loss.unwrap().since, at(10));
}

#[test]
fn the_page_that_comes_back_is_not_lost_any_more() {
    let mut session = connected(1);
    run(&mut session, close(1, 1, at(5), Closing::Lost), at(12)).unwrap();
    assert_eq!(session.contact(), Contact::Lost { since: at(5) });
    run(&mut session, open(1, 2), at(13)).unwrap();
    assert_eq!((session.contact(), session.presence.loss), (Contact::Online, None));
}

#[test]
fn looks_away_are_noted_when_they_change() {
    let mut session = connected(1);
    assert_eq!(decide(&session, &away(1, false), at(1)), Ok(vec![]));
    run(&mut session, away(1, true), at(1)).unwrap();
    assert_eq!(session.contact(), Contact::Away { since: at(1) });
    assert_eq!(decide(&session, &away(1, true), at(2)), Ok(vec![]));
    run(&mut session, away(1, false), at(3)).unwrap();
    assert_eq!(session.contact(), Contact::Online);
}

#[test]
fn a_notice_sent_or_read_twice_is_there_once() {
    let mut session = fresh(1);
    run(&mut session, notice(1), at(1)).unwrap();
    assert_eq!(decide(&session, &notice(1), at(2)), Ok(vec![]));
    assert_eq!(session.notices.len(), 1);
    assert_eq!(decide(&session, &read(2), at(2)), Ok(vec![]), "there is none");
    run(&mut session, read(1), at(3)).unwrap();
    assert_eq!(session.notices[0].read_at, Some(at(3)));
    assert_eq!(decide(&session, &read(1), at(4)), Ok(vec![]));
    assert_eq!(session.notices[0].at, at(1));
}

#[test]
fn notices_are_limited() {
    let mut session = fresh(1);
    for n in 0..100 {
        run(&mut session, notice(n), at(1)).unwrap();
    }
    assert_eq!(decide(&session, &notice(100), at(2)), Err(Refusal::TooManyNotices));
    assert_eq!(decide(&session, &notice(99), at(2)), Ok(vec![]), "sent again");
}

#[test]
fn a_completed_session_has_no_contact_but_its_page_s_end() {
    let mut session = completed();
    run(&mut session, read(1), at(2)).unwrap();
    assert_eq!(decide(&session, &open(2, 1), at(2)), Ok(vec![]));
    assert_eq!(decide(&session, &away(1, true), at(2)), Ok(vec![]));
    assert_eq!(decide(&session, &notice(1), at(2)), Err(Refusal::Completed));
    run(&mut session, close(1, 1, at(3), Closing::Left), at(3)).unwrap();
    assert_eq!(session.presence.channel, None);
    assert_eq!((session.status, session.credited_ms), (Status::Completed, 0));
}

#[test]
fn a_notice_from_before_the_end_can_be_read_after_it() {
    let mut session = connected(1);
    run(&mut session, notice(1), at(1)).unwrap();
    run(&mut session, Command::End { by: Actor::Admin }, at(2)).unwrap();
    assert_eq!(decide(&session, &notice(1), at(3)), Ok(vec![]), "sent again");
    assert_eq!(run(&mut session, read(1), at(3)).unwrap().len(), 1);
}
