//! When each candidate and the hiring team act: spread by chance, and alike in every run.

use std::time::Duration;

use crate::random::Random;

/// Notices that each candidate gets.
pub const NOTICES: usize = 3;

/// What a candidate will do. Times count from the crowd's beginning.
#[derive(Debug, PartialEq)]
pub struct Plan {
    /// When the page is opened: in the first 15 % of the time.
    pub arrival: Duration,
    /// Before the consent, the report of the devices and the start: 0.5 % to 2 % of the time each.
    pub pauses: [Duration; 3],
    /// When each question's answer is sent: the last one in the last 15 % of the time.
    pub answers: Vec<Duration>,
    /// Whether the candidate ends the interview with the last answer by "finish", instead of just answering.
    pub finishes: bool,
}

impl Plan {
    /// The plan of a candidate for an interview of `questions` questions, in a crowd that is there for `length`.
    pub fn of(number: usize, length: Duration, questions: usize) -> Self {
        let mut random = Random::of(number);
        let arrival = random.share(length, 0.0..0.15);
        let pauses = [(); 3].map(|()| random.share(length, 0.005..0.02));
        let leaving = random.share(length, 0.85..1.0);
        // Each question takes its part of the time between; the longest thrice as long as the shortest at most.
        let parts: Vec<_> = (0..questions).map(|_| random.between(0.5..1.5)).collect();
        let (mut at, whole) = (arrival + pauses.iter().sum::<Duration>(), parts.iter().sum::<f64>());
        let writing = leaving.saturating_sub(at);
        let answers = parts.iter().map(|part| {
            at += writing.mul_f64(part / whole);
            at
        });
        Self { arrival, pauses, answers: answers.collect(), finishes: number.is_multiple_of(2) }
    }
}

/// When the hiring team tells whom something, in order. All are told while everybody is there.
pub fn notices(candidates: usize, length: Duration) -> Vec<(Duration, usize)> {
    let mut random = Random::of(usize::MAX);
    let mut notices: Vec<_> =
        (0..candidates * NOTICES).map(|number| (random.share(length, 0.25..0.8), number % candidates)).collect();
    notices.sort_unstable();
    notices
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: Duration = Duration::from_secs(100);

    #[test]
    fn a_plan_keeps_to_the_time() {
        for number in 0..200 {
            let plan = Plan::of(number, LENGTH, 3);
            assert_eq!(plan, Plan::of(number, LENGTH, 3));
            let begun = plan.arrival + plan.pauses.iter().sum::<Duration>();
            assert!(begun < LENGTH / 4 && plan.answers.is_sorted() && plan.answers[0] > begun, "{plan:?}");
            let last = plan.answers[2].as_secs_f64();
            assert!(plan.answers.len() == 3 && (84.9..100.1).contains(&last), "{plan:?}");
        }
    }

    #[test]
    fn everyone_gets_notices_in_order() {
        let notices = notices(10, LENGTH);
        assert!(notices.is_sorted() && notices.first().unwrap().0 > LENGTH / 4);
        assert!((0..10).all(|candidate| notices.iter().filter(|(_, whom)| *whom == candidate).count() == NOTICES));
    }
}
