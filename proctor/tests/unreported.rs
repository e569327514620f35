//! Interviews that go on by requests while nothing can be reported.

use proctor::observation::Look;
use proctor::policy::{Kind, Monitor, Output, Policy, Severity, Violation, Watch};
use proctor::signal::{Entry, Signal, What};
use proptest::prelude::*;

const ONE: Look = Look::Clear { faces: 1, head: None };

/// An interview as its server follows it.
struct Interview {
    monitor: Monitor,
    now: u32,
    outputs: Vec<Output>,
}

impl Interview {
    fn begun() -> Interview {
        let mut interview = Interview { monitor: Monitor::new(&Policy::default()), now: 0, outputs: Vec::new() };
        interview.watch(Watch::Began);
        interview
    }

    fn watch(&mut self, watch: Watch) {
        self.outputs.extend(self.monitor.watch(self.now, watch));
    }

    /// The page asks every two seconds, for so long.
    fn asks(&mut self, seconds: u32) {
        for _ in 0..=seconds / 2 {
            self.watch(Watch::Asked);
            self.now += 2_000;
        }
        self.now -= 2_000;
    }

    /// The page looks twice a second and reports it, for so long.
    fn reports(&mut self, seconds: u32) {
        for _ in 0..seconds {
            let at = |ms| Entry { at_ms: self.now + ms, what: What::Look(ONE) };
            let entries = [at(500), at(1_000)];
            self.now += 1_000;
            self.outputs.extend(self.monitor.hear(&entries, self.now, |_, _| {}));
        }
    }

    /// How it stands now: each violation as it is known last.
    fn found(&self) -> Vec<Violation> {
        let mut found: Vec<Violation> = Vec::new();
        for output in &self.outputs {
            if let Output::Violation(_, violation) = output {
                found.retain(|known| known.id != violation.id);
                found.push(*violation);
            }
        }
        found
    }

    fn severities(&self) -> Vec<(Kind, Severity)> {
        self.found().iter().map(|violation| (violation.id.kind, violation.severity)).collect()
    }
}

#[test]
fn interview_without_a_channel_is_a_plain_fact_and_never_grave() {
    let mut interview = Interview::begun();
    interview.asks(118);
    assert_eq!(interview.severities(), [(Kind::Unreported, Severity::Info)]);
    interview.asks(2);
    assert_eq!(interview.severities(), [(Kind::Unreported, Severity::Low)]);
    interview.asks(3_600);
    assert_eq!(interview.severities(), [(Kind::Unreported, Severity::Medium)]);
    interview.watch(Watch::Ended);
    let Violation { id, to_ms, show, .. } = interview.found()[0];
    assert_eq!((id.from_ms, to_ms, show), (0, Some(interview.now), true));
    interview.asks(600);
    assert_eq!(interview.found().len(), 1, "after the end nothing is missing");
}

#[test]
fn what_is_asked_rarely_counts_a_minute_at_most() {
    let mut interview = Interview::begun();
    for _ in 0..4 {
        interview.watch(Watch::Asked);
        interview.now += 200_000;
    }
    assert_eq!(interview.severities(), [(Kind::Unreported, Severity::Low)], "three minutes of ten");
}

#[test]
fn channels_that_come_and_go_and_report_nothing_are_no_outage() {
    for (wait_ms, up_ms) in [(1_000, 10), (4_000, 0), (20_000, 4_000)] {
        let mut interview = Interview::begun();
        interview.watch(Watch::Asked);
        while interview.now < 400_000 {
            for (watch, passed_ms) in [
                (Watch::Connected, up_ms),
                (Watch::Lost, wait_ms),
                (Watch::Connected, up_ms),
                (Watch::Lost, wait_ms),
                (Watch::Asked, wait_ms),
            ] {
                interview.watch(watch);
                interview.now += passed_ms;
            }
        }
        assert_eq!(interview.severities().last(), Some(&(Kind::Unreported, Severity::Medium)), "{wait_ms} {up_ms}");
    }
}

#[test]
fn few_looks_between_requests_make_good_no_more_than_they_tell() {
    let mut interview = Interview::begun();
    for _ in 0..10 {
        interview.watch(Watch::Asked);
        interview.now += 50_000;
        interview.watch(Watch::Connected);
        interview.reports(12);
        interview.watch(Watch::Lost);
    }
    assert_eq!(interview.severities().last(), Some(&(Kind::Unreported, Severity::Medium)));
}

#[test]
fn outage_is_none_of_it_however_long() {
    let mut interview = Interview::begun();
    for _ in 0..20 {
        interview.watch(Watch::Connected);
        interview.reports(20);
        interview.watch(Watch::Lost);
        interview.now += 300_000;
        // A page that is loaded anew asks before it has a channel.
        interview.asks(2);
    }
    assert_eq!(interview.severities(), []);
}

#[test]
fn steady_reports_make_it_good_and_short_ones_do_not() {
    for (reported, found) in [(80, vec![]), (8, vec![(Kind::Unreported, Severity::Medium)])] {
        let mut interview = Interview::begun();
        for _ in 0..16 {
            interview.asks(24);
            interview.watch(Watch::Connected);
            interview.reports(reported);
            interview.watch(Watch::Lost);
        }
        let flagged: Vec<_> =
            interview.severities().into_iter().filter(|(_, severity)| *severity > Severity::Info).collect();
        assert_eq!(flagged, found, "{reported} s of reports");
    }
}

#[test]
fn log_that_was_written_meanwhile_and_comes_later_makes_it_good() {
    let mut interview = Interview::begun();
    interview.asks(100);
    interview.watch(Watch::Connected);
    let kept: Vec<_> = (1..=200).map(|n| Entry { at_ms: n * 500, what: What::Look(ONE) }).collect();
    interview.outputs.extend(interview.monitor.hear(&kept, interview.now, |_, _| {}));
    let Violation { severity, to_ms, .. } = interview.found()[0];
    assert_eq!((severity, to_ms), (Severity::Info, Some(100_000)));
    interview.watch(Watch::Lost);
    interview.asks(100);
    assert!(interview.severities().iter().all(|(_, severity)| *severity == Severity::Info), "it begins anew");
}

#[test]
fn no_policy_makes_it_grave_and_it_ends_no_interview() {
    let policy = |json: &str| serde_json::from_str::<Policy>(json).expect("a policy");
    let grave = policy(r#"{"rules": {"unreported": {"severity": "high"}}}"#).validate().unwrap_err();
    assert!(grave.to_string().starts_with("rules.unreported"), "{grave}");
    let strict = policy(r#"{"terminate_after": 1, "terminate_severity": "low"}"#);
    strict.validate().expect("it makes sense");
    let mut interview = Interview { monitor: Monitor::new(&strict), ..Interview::begun() };
    interview.watch(Watch::Began);
    interview.asks(900);
    assert!(!interview.outputs.contains(&Output::Terminate));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whoever goes on from a checkpoint, as another worker does, comes to the same.
    #[test]
    fn every_checkpoint_leads_to_the_same(
        watches in prop::collection::vec((0u32..70_000, prop::sample::select(vec![
            Watch::Asked, Watch::Asked, Watch::Asked, Watch::Connected, Watch::Lost, Watch::Heard,
        ])), 1..60),
    ) {
        let (mut straight, mut resumed) = (Interview::begun(), Interview::begun());
        for (wait, watch) in watches {
            let memory = resumed.monitor.checkpoint().clone();
            resumed.monitor = Monitor::resume(&Policy::default(), memory);
            for interview in [&mut straight, &mut resumed] {
                interview.now += wait;
                interview.watch(watch);
            }
        }
        let of = |interview: &Interview| {
            let found = interview.found();
            found.into_iter().filter(|violation| violation.id.kind == Kind::Unreported).collect::<Vec<_>>()
        };
        prop_assert_eq!(of(&straight), of(&resumed));
    }
}

#[test]
fn outages_of_a_page_that_cannot_look_are_no_requests() {
    let mut interview = Interview::begun();
    interview.watch(Watch::Asked);
    interview.watch(Watch::Connected);
    let says = |interview: &mut Interview, signal| {
        let entry = Entry { at_ms: interview.now, what: What::Signal(signal) };
        interview.outputs.extend(interview.monitor.hear(&[entry], interview.now, |_, _| {}));
    };
    says(&mut interview, Signal::NoVision);
    for _ in 0..10 {
        for _ in 0..30 {
            interview.now += 2_000;
            says(&mut interview, Signal::Tick);
        }
        interview.watch(Watch::Lost);
        interview.now += 30_000;
        interview.watch(Watch::Connected);
    }
    assert!(interview.found().iter().all(|violation| violation.id.kind != Kind::Unreported), "{:?}", interview.found());
}
