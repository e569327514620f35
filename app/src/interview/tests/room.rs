use super::*;

#[test]
fn presence_follows_the_room_and_ignores_observers() {
    let mut session = fresh(1);
    let identity = session.id.candidate_identity();
    let join = |sid: &str, identity: &str| Command::NoteJoined { sid: sid.into(), identity: identity.into() };
    run(&mut session, join("PA_1", &identity), T0).unwrap();
    // A reconnect: the new connection is announced before the old one leaves.
    run(&mut session, join("PA_2", &identity), T0).unwrap();
    run(&mut session, Command::NoteLeft { sid: "PA_1".into() }, T0).unwrap();
    assert_eq!(decide(&session, &join("PA_1", &identity), T0), Ok(vec![]), "old news");
    run(&mut session, join("PA_3", "observer-1"), T0).unwrap();
    assert!(session.candidate_present());
    assert_eq!(session.room.participant_count(), 1);
    run(&mut session, Command::NoteRoomClosed, T0).unwrap();
    assert!(!session.candidate_present());
    assert_eq!(
        decide(&session, &join("PA_4", &identity), T0).unwrap().len(),
        2,
        "a room that was empty too long opens again"
    );
    for command in [Command::Start { by: Actor::Api }, Command::End { by: Actor::Api }] {
        run(&mut session, command, T0).unwrap();
    }
    assert_eq!(decide(&session, &join("PA_5", &identity), T0), Ok(vec![]), "not after the end");
}

#[test]
fn a_list_of_participants_puts_presence_right() {
    let mut session = fresh(1);
    let identity = session.id.candidate_identity();
    run(&mut session, Command::NoteJoined { sid: "PA_1".into(), identity: identity.clone() }, T0).unwrap();
    let list = |entries: &[(&str, &str)]| {
        Command::NoteParticipants(entries.iter().map(|(sid, who)| ((*sid).to_owned(), (*who).to_owned())).collect())
    };
    let now = list(&[("PA_2", &identity), ("PA_3", "observer-1")]);
    let events = run(&mut session, now.clone(), T0).unwrap();
    assert_eq!(events.len(), 2, "one left, one joined, the observer is not counted");
    assert_eq!(session.room.participants.keys().collect::<Vec<_>>(), ["PA_2"]);
    assert_eq!(decide(&session, &now, T0), Ok(vec![]));
    run(&mut session, list(&[]), T0).unwrap();
    assert!(!session.candidate_present());
}
