use super::*;

/// What was given back: milliseconds, for which question, and why.
fn credits(events: &[Recorded]) -> Vec<(i64, u32, OutageCause)> {
    let credit = |recorded: &Recorded| match recorded.event {
        Event::TimeCredited { ms, question, cause, .. } => Some((ms, question, cause)),
        _ => None,
    };
    events.iter().filter_map(credit).collect()
}

fn lost(last_seen: u32) -> Command {
    close(1, 1, at(last_seen), Closing::Lost)
}

fn down(from: u32, to: u32) -> Command {
    Command::NoteServerDown { worker: worker(1), from: at(from), to: at(to) }
}

fn rules(percent: u32, extra_s: u32) -> Command {
    Command::SetTimeRules { rules: TimeRules { percent, extra_s, ..TimeRules::default() }, by: Actor::Admin }
}

fn caps(session: &mut Session, credit_question_s: u32, credit_total_s: u32) {
    session.time = TimeRules { credit_question_s, credit_total_s, ..TimeRules::default() };
}

fn grant(question: u32, total_s: u32) -> Command {
    Command::GrantTime { question, total_s, by: Actor::Admin }
}

fn deadline_of(session: &Session) -> UnixMillis {
    session.open.unwrap().deadline
}

/// The first second in which the question's time and its grace are over.
fn over_at(session: &Session) -> Option<u32> {
    (0..2000).find(|second| is_over(session, at(*second)))
}

#[test]
fn an_outage_is_given_back_when_livekit_does_not_see_the_candidate_either() {
    let mut session = connected(1);
    run(&mut session, lost(10), at(17)).unwrap();
    let back = run(&mut session, open(1, 2), at(40)).unwrap();
    assert_eq!(credits(&back), [(30_000, 0, OutageCause::Connection)]);
    assert_eq!(deadline_of(&session), at(90), "as much time is left as there was");
    assert_eq!((session.open.unwrap().credited_ms, session.credited_ms), (30_000, 30_000));
    assert_eq!(over_at(&session), Some(94));
}

#[test]
fn an_outage_is_confirmed_when_livekit_misses_the_candidate_later() {
    for gone in [leave(), Command::NoteRoomClosed, Command::NoteParticipants([].into())] {
        let mut session = connected(1);
        let joined = enter(&session);
        run(&mut session, joined.clone(), at(1)).unwrap();
        run(&mut session, lost(10), at(17)).unwrap();
        run(&mut session, gone.clone(), at(25)).unwrap();
        let joined = Command::NoteJoined { sid: "PA_2".into(), identity: session.id.candidate_identity() };
        run(&mut session, joined, at(29)).unwrap();
        let back = run(&mut session, open(1, 1), at(30)).unwrap();
        assert_eq!(credits(&back), [(20_000, 0, OutageCause::Connection)], "{gone:?}");
    }
}

#[test]
fn an_outage_in_which_livekit_saw_the_candidate_throughout_is_none() {
    let mut session = connected(1);
    let joined = enter(&session);
    run(&mut session, joined, at(1)).unwrap();
    run(&mut session, lost(10), at(17)).unwrap();
    run(&mut session, Command::NoteJoined { sid: "PA_9".into(), identity: "guest".into() }, at(18)).unwrap();
    run(&mut session, Command::NoteLeft { sid: "PA_9".into() }, at(19)).unwrap();
    let back = run(&mut session, open(1, 1), at(30)).unwrap();
    assert_eq!(credits(&back), []);
    assert_eq!(deadline_of(&session), at(60));
}

#[test]
fn a_page_that_was_closed_is_no_outage() {
    let mut session = connected(1);
    run(&mut session, close(1, 1, at(10), Closing::Left), at(10)).unwrap();
    assert_eq!(over_at(&session), Some(64));
    let back = run(&mut session, open(2, 1), at(40)).unwrap();
    assert_eq!(credits(&back), []);
    assert_eq!(deadline_of(&session), at(60));
}

#[test]
fn what_a_change_of_page_takes_is_no_outage() {
    let mut session = connected(1);
    run(&mut session, lost(10), at(10)).unwrap();
    assert_eq!(credits(&run(&mut session, open(1, 1), UnixMillis(at(13).0 - 1)).unwrap()), []);
    run(&mut session, lost(20), at(20)).unwrap();
    assert_eq!(credits(&run(&mut session, open(1, 1), at(23)).unwrap()).len(), 1, "three seconds are one");
}

#[test]
fn the_server_s_downtime_is_given_back_whatever_livekit_saw() {
    let mut session = connected(1);
    let joined = enter(&session);
    run(&mut session, joined, at(1)).unwrap();
    run(&mut session, close(1, 1, at(10), Closing::ServerDown), at(50)).unwrap();
    let back = run(&mut session, open(1, 2), at(50)).unwrap();
    assert_eq!(credits(&back), [(40_000, 0, OutageCause::Server)]);
    assert_eq!(deadline_of(&session), at(100));

    let mut session = connected(1);
    assert_eq!(credits(&run(&mut session, down(10, 50), at(50)).unwrap()), [(40_000, 0, OutageCause::Server)]);
    assert_eq!(decide(&session, &down(10, 50), at(51)), Ok(vec![]), "noted twice");
}

#[test]
fn a_worker_s_downtime_is_not_given_back_to_the_candidates_of_others() {
    let mut session = answering(1);
    run(&mut session, open(1, 2), T0).unwrap();
    assert_eq!(decide(&session, &down(10, 50), at(50)), Ok(vec![]));
    let mut session = answering(1);
    assert_eq!(credits(&run(&mut session, down(10, 50), at(50)).unwrap()).len(), 1, "nobody else looks after them");
}

#[test]
fn a_question_s_credit_is_capped() {
    let mut session = connected(1);
    caps(&mut session, 20, 300);
    run(&mut session, lost(10), at(17)).unwrap();
    let back = run(&mut session, open(1, 1), at(25)).unwrap();
    assert_eq!(credits(&back), [(15_000, 0, OutageCause::Connection)]);
    let again = run(&mut session, down(30, 50), at(50)).unwrap();
    assert_eq!(credits(&again), [(5_000, 0, OutageCause::Server)], "what is left");
    assert_eq!(decide(&session, &down(55, 70), at(70)), Ok(vec![]), "nothing is left");
    assert_eq!(deadline_of(&session), at(80));
}

#[test]
fn the_whole_interview_s_credit_is_capped() {
    let mut session = connected(3);
    caps(&mut session, 20, 30);
    assert_eq!(credits(&run(&mut session, down(10, 50), at(50)).unwrap())[0].0, 20_000);
    run(&mut session, answer(1, 0, "one"), at(50)).unwrap();
    assert_eq!(credits(&run(&mut session, down(60, 100), at(100)).unwrap()), [(10_000, 1, OutageCause::Server)]);
    run(&mut session, answer(2, 1, "two"), at(100)).unwrap();
    assert_eq!(decide(&session, &down(110, 150), at(150)), Ok(vec![]));
    assert_eq!((session.credited_ms, deadline_of(&session)), (30_000, at(160)));
}

#[test]
fn caps_of_nothing_give_nothing() {
    for (question, total) in [(0, 300), (120, 0)] {
        let mut session = connected(1);
        caps(&mut session, question, total);
        run(&mut session, lost(10), at(17)).unwrap();
        assert_eq!(over_at(&session), Some(64));
        assert_eq!(credits(&run(&mut session, open(1, 1), at(40)).unwrap()), []);
    }
}

#[test]
fn an_outage_before_a_question_is_not_given_back() {
    let mut session = fresh(1);
    for command in [open(1, 1), Command::GiveConsent, Command::Start { by: Actor::Api }] {
        run(&mut session, command, T0).unwrap();
    }
    run(&mut session, lost(10), at(17)).unwrap();
    assert_eq!(decide(&session, &down(20, 30), at(30)), Ok(vec![]));
    assert_eq!(credits(&run(&mut session, open(1, 1), at(40)).unwrap()), []);
    run(&mut session, Command::OpenQuestion, at(40)).unwrap();
    assert_eq!(deadline_of(&session), at(100));
}

#[test]
fn of_an_outage_that_spans_a_delivery_only_the_question_s_part_is_given_back() {
    let mut session = connected(2);
    run(&mut session, lost(10), at(17)).unwrap();
    run(&mut session, answer(1, 0, "over HTTP"), at(30)).unwrap();
    assert_eq!(session.credited_ms, 0, "it was in time, so it needed none");
    let back = run(&mut session, open(1, 1), at(40)).unwrap();
    assert_eq!(credits(&back), [(10_000, 1, OutageCause::Connection)]);
    assert_eq!(deadline_of(&session), at(100));
}

#[test]
fn an_outage_after_the_deadline_is_not_given_back() {
    let mut session = connected(1);
    run(&mut session, close(1, 1, at(64), Closing::ServerDown), at(70)).unwrap();
    assert_eq!(decide(&session, &down(64, 70), at(70)), Ok(vec![]));
    assert_eq!(over_at(&session), Some(64));
    assert_eq!(credits(&run(&mut session, open(1, 1), at(80)).unwrap()), []);
    assert!(is_over(&session, at(80)));
}

#[test]
fn an_outage_that_begins_in_the_grace_is_given_back() {
    let mut session = connected(1);
    run(&mut session, lost(62), at(70)).unwrap();
    assert_eq!(credits(&run(&mut session, open(1, 1), at(80)).unwrap())[0].0, 18_000);
    assert_eq!(over_at(&session), Some(82), "its last second is left");
}

#[test]
fn overlapping_outages_are_given_back_once() {
    // The server's downtime lies within the candidate's.
    let mut session = connected(1);
    run(&mut session, lost(10), at(17)).unwrap();
    run(&mut session, down(20, 30), at(30)).unwrap();
    run(&mut session, open(1, 1), at(40)).unwrap();
    assert_eq!((session.credited_ms, deadline_of(&session)), (30_000, at(90)), "none of it is left out");

    // The candidate is lost while the server is down.
    let mut session = connected(1);
    run(&mut session, down(10, 20), at(20)).unwrap();
    run(&mut session, lost(15), at(22)).unwrap();
    run(&mut session, open(1, 1), at(30)).unwrap();
    assert_eq!((session.credited_ms, deadline_of(&session)), (20_000, at(80)));

    // The downtime is noted bit by bit.
    let mut session = connected(1);
    for to in [15, 20, 25] {
        run(&mut session, down(10, to), at(to)).unwrap();
    }
    assert_eq!((session.credited_ms, deadline_of(&session)), (15_000, at(75)));
}

#[test]
fn a_question_waits_while_a_confirmed_outage_lasts_until_the_cap() {
    let mut session = connected(1);
    run(&mut session, lost(10), at(17)).unwrap();
    assert_eq!(over_at(&session), Some(184), "60 s, 120 s for the outage and 3 s for the network");
    assert_eq!(decide(&session, &expire(None), at(183)), Ok(vec![]));
    assert_eq!(run(&mut session, expire(None), at(184)).unwrap().len(), 2);

    let mut session = connected(1);
    run(&mut session, close(1, 1, at(10), Closing::ServerDown), at(17)).unwrap();
    assert_eq!(over_at(&session), Some(184));
}

#[test]
fn a_question_waits_for_livekit_to_notice_and_not_longer() {
    let mut session = connected(1);
    let joined = enter(&session);
    run(&mut session, joined, at(1)).unwrap();
    run(&mut session, lost(50), at(57)).unwrap();
    assert_eq!(over_at(&session), Some(80), "30 s after the candidate was last heard");
    run(&mut session, leave(), at(70)).unwrap();
    assert_eq!(over_at(&session), Some(184), "confirmed");
}

#[test]
fn a_deadline_shows_what_an_outage_has_given_back_so_far() {
    let mut session = connected(1);
    assert_eq!(deadline(&session, at(5)), Some(at(60)));
    run(&mut session, close(1, 1, at(10), Closing::ServerDown), at(17)).unwrap();
    assert_eq!(deadline(&session, at(30)), Some(at(80)));
    assert_eq!(deadline(&session, at(500)), Some(at(180)), "the cap");
    let mut session = connected(1);
    let joined = enter(&session);
    run(&mut session, joined, at(1)).unwrap();
    run(&mut session, lost(10), at(17)).unwrap();
    assert_eq!(deadline(&session, at(30)), Some(at(60)), "nobody confirmed it");
    assert_eq!(deadline(&fresh(1), at(30)), None);
}

#[test]
fn an_answer_that_ends_an_outage_is_judged_by_the_time_given_back() {
    let mut session = connected(2);
    run(&mut session, close(1, 1, at(10), Closing::ServerDown), at(80)).unwrap();
    let events = run(&mut session, answer(1, 0, "after the restart"), at(80)).unwrap();
    assert_eq!(credits(&events), [(70_000, 0, OutageCause::Server)], "each credit is an event");
    assert_eq!(session.answers[0].outcome, AnswerOutcome::Submitted);
    assert_eq!(session.credited_ms, 70_000);

    let mut session = connected(2);
    run(&mut session, close(1, 1, at(10), Closing::ServerDown), at(80)).unwrap();
    let finish = Command::Finish { answer: Some(given(1, 0, "the last word")) };
    assert_eq!(credits(&run(&mut session, finish, at(80)).unwrap()).len(), 1);
    assert_eq!(session.answers[0].outcome, AnswerOutcome::Submitted);
}

#[test]
fn answers_without_a_channel_use_up_the_interview_s_credit() {
    let mut session = connected(4);
    run(&mut session, lost(10), at(17)).unwrap();
    for (question, now) in [(0, 170), (1, 330), (2, 450)] {
        run(&mut session, answer(question.into(), question, "late"), at(now)).unwrap();
    }
    assert_eq!(session.credited_ms, 300_000, "and not 120 s for each of them");
    assert_eq!(session.answers[2].outcome, AnswerOutcome::Submitted);
    let (delivered, index) = (session.open.unwrap().delivered_at, session.open.unwrap().index);
    assert_eq!((delivered, index), (at(450), 3));
    assert_eq!(over_at(&session), Some(514), "nothing is left to wait for");
}

#[test]
fn accommodations_hold_from_the_first_question_on() {
    let mut session = fresh(2);
    run(&mut session, rules(150, 30), T0).unwrap();
    assert_eq!(decide(&session, &rules(150, 30), T0), Ok(vec![]), "set twice");
    for command in [Command::GiveConsent, Command::Start { by: Actor::Api }, Command::OpenQuestion] {
        run(&mut session, command, T0).unwrap();
    }
    assert_eq!(deadline_of(&session), at(120));
    run(&mut session, answer(1, 0, "one"), at(10)).unwrap();
    assert_eq!(deadline_of(&session), at(130));
}

#[test]
fn accommodations_hold_for_the_open_question_and_never_cut_it() {
    let mut session = connected(2);
    run(&mut session, down(10, 20), at(20)).unwrap();
    run(&mut session, grant(0, 30), at(21)).unwrap();
    assert_eq!(deadline_of(&session), at(100));
    let events = run(&mut session, rules(200, 10), at(22)).unwrap();
    assert_eq!(deadline_of(&session), at(170), "2 × 60 + 10, 10 given back and 30 granted");
    let set = Event::TimeRulesSet { rules: session.time, deadline: Some(at(170)), by: Actor::Admin };
    assert_eq!(events[0].event, set);
    run(&mut session, rules(100, 0), at(23)).unwrap();
    assert_eq!(deadline_of(&session), at(170), "not cut");
    run(&mut session, answer(1, 0, "one"), at(30)).unwrap();
    assert_eq!(deadline_of(&session), at(90), "the next one is as the rules are now");
}

#[test]
fn granting_twice_gives_it_once() {
    let mut session = connected(2);
    run(&mut session, grant(0, 30), at(1)).unwrap();
    assert_eq!(decide(&session, &grant(0, 30), at(2)), Ok(vec![]));
    assert_eq!(decide(&session, &grant(0, 10), at(2)), Ok(vec![]), "an older wish");
    run(&mut session, grant(0, 45), at(3)).unwrap();
    assert_eq!((deadline_of(&session), session.open.unwrap().granted_s), (at(105), 45));
    assert_eq!(decide(&session, &grant(1, 30), at(4)), Err(Refusal::NotOpen));
    run(&mut session, answer(1, 0, "one"), at(10)).unwrap();
    assert_eq!(decide(&session, &grant(0, 60), at(11)), Err(Refusal::NotOpen));
    assert_eq!(deadline_of(&session), at(70), "granted for one question alone");
}

#[test]
fn time_granted_in_time_reopens_nothing_and_keeps_a_question_open() {
    let mut session = connected(1);
    run(&mut session, grant(0, 30), at(62)).unwrap();
    assert_eq!(over_at(&session), Some(94));
    run(&mut session, expire(None), at(94)).unwrap();
    assert_eq!(decide(&session, &grant(0, 60), at(95)), Err(Refusal::NotOpen));
}

#[test]
fn nothing_is_given_after_the_end() {
    let session = completed();
    assert_eq!(decide(&session, &rules(200, 0), at(2)), Err(Refusal::Completed));
    assert_eq!(decide(&session, &grant(0, 30), at(2)), Err(Refusal::NotOpen));
    assert_eq!(decide(&session, &down(0, 50), at(50)), Ok(vec![]));
    assert!(!is_over(&session, at(500)));
}

#[test]
fn whoever_asks_without_a_channel_is_not_cut_off_any_more() {
    let mut session = connected(1);
    run(&mut session, close(1, 1, at(10), Closing::Lost), at(17)).unwrap();
    let before = session.open.unwrap().deadline;
    run(&mut session, Command::NoteHeard, at(20)).unwrap();
    assert_eq!(session.open.unwrap().deadline.since(before), 10_000, "the outage until then is given back");
    assert_eq!(decide(&session, &Command::NoteHeard, at(50)), Ok(vec![]), "and nothing more");
    run(&mut session, open(1, 1), at(50)).unwrap();
    assert_eq!(session.credited_ms, 10_000);
}
