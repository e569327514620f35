//! Policies as people write them.

use proctor::policy::{Kind, Policy, PolicyError, Rule, Severity};

fn read(json: &str) -> Result<Policy, String> {
    let policy: Policy = serde_json::from_str(json).map_err(|error| error.to_string())?;
    policy.validate().map_err(|error| error.to_string())?;
    Ok(policy)
}

#[test]
fn defaults_are_valid_and_end_no_interview() {
    let policy = read("{}").unwrap();
    assert_eq!(policy, Policy::default());
    assert_eq!(policy.terminate_after, None);
}

#[test]
fn kinds_stand_in_their_order_and_under_their_names() {
    for (place, kind) in Kind::ALL.into_iter().enumerate() {
        assert_eq!(place, kind as usize);
        assert_eq!(serde_json::to_string(&kind).unwrap(), format!("\"{}\"", kind.name()));
    }
}

#[test]
fn what_a_rule_leaves_out_is_that_kinds_default() {
    let policy = read(r#"{"rules": {"no_face": {"flag_after_ms": 8000, "warn_after_ms": null}}}"#).unwrap();
    let usual = Rule::of(Kind::NoFace);
    assert_eq!(policy.rules[Kind::NoFace], Rule { flag_after_ms: Some(8_000), warn_after_ms: None, ..usual });
    assert_eq!(policy.rules[Kind::Covered], Rule::of(Kind::Covered));
}

#[test]
fn raising_a_severity_alone_raises_what_it_escalates_to() {
    let policy = read(r#"{"rules": {"paste": {"severity": "critical"}}}"#).unwrap();
    assert_eq!(policy.rules[Kind::Paste].escalated, Severity::Critical);
}

#[test]
fn policies_survive_json_and_the_wire() {
    let mut policy = Policy { terminate_after: Some(3), paste_chars: 5, ..Policy::default() };
    policy.rules[Kind::TooDark].flag_after_ms = None;
    policy.rules[Kind::WindowExit].count_within_ms = Some(60_000);
    let json = serde_json::to_string_pretty(&policy).unwrap();
    assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), policy);
    let bytes = postcard::to_allocvec(&policy).unwrap();
    assert_eq!(postcard::from_bytes::<Policy>(&bytes).unwrap(), policy);
    assert!(bytes.len() < 1_200, "{}", bytes.len());
}

#[test]
fn mistakes_are_named() {
    let cases = [
        (r#"{"rules": {"no_fase": {}}}"#, "unknown variant `no_fase`"),
        (r#"{"rules": {"no_face": {"flag_after": 3}}}"#, "unknown field `flag_after`"),
        (r#"{"rules": {"cut": {}, "cut": {}}}"#, "the rule `cut` stands there twice"),
        (r#"{"terminate": 3}"#, "unknown field `terminate`"),
        (r#"{"rules": {"no_face": {"flag_after_ms": "3 s"}}}"#, "invalid type: string"),
        (r#"{"rules": {"no_face": {"flag_after_ms": 40000}}}"#, "rules.no_face: `escalate_after_ms` has to be longer"),
        (r#"{"rules": {"no_face": {"flag_after_ms": null}}}"#, "`escalate_after_ms` needs `flag_after_ms`"),
        (r#"{"rules": {"no_face": {"looks": 1}}}"#, "one look alone proves nothing"),
        (r#"{"rules": {"no_face": {"cool_down_ms": 90000000}}}"#, "longer than a day"),
        (r#"{"rules": {"no_face": {"escalated": "info"}}}"#, "may not be milder"),
        (r#"{"rules": {"copy": {"flag_after_ms": 5}}}"#, "rules.copy: happens at once"),
        (r#"{"rules": {"copy": {"flag_at_count": 0}}}"#, "counts from 1"),
        (r#"{"rules": {"copy": {"flag_at_count": 2, "note_after_ms": null}}}"#, "needs `note_after_ms`"),
        (r#"{"rules": {"copy": {"flag_at_count": 20, "count_within_ms": 9}}}"#, "16 at most"),
        (r#"{"rules": {"window_exit": {"note_after_ms": 20000}}}"#, "may not be shorter than `note_after_ms`"),
        (r#"{"rules": {"unwatched": {"flag_after_ms": 5000}}}"#, "rules.unwatched: `flag_after_ms` may not be shorter"),
        (r#"{"away": {"yaw": 3}}"#, "away: angles are above the margin"),
        (r#"{"away": {"gaze": 50}}"#, "unknown field `gaze`"),
        (r#"{"answers": {"chars_per_s": 1}}"#, "answers.chars_per_s: has to be 5 at least"),
        (r#"{"gap_ms": 60000}"#, "gap_ms: has to be from"),
        (r#"{"terminate_severity": "info"}"#, "terminate_severity: `info` ends nothing"),
        (r#"{"terminate_after": 0}"#, "terminate_after: counts from 1"),
    ];
    for (json, expected) in cases {
        let told = read(json).expect_err(json);
        assert!(told.contains(expected), "{json}: {told}");
    }
    let named = PolicyError::Rule { kind: Kind::NoFace, why: "why" };
    assert_eq!(named.to_string(), "rules.no_face: why");
}
