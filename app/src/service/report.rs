//! Writes a session's report. Pure: the same session gives the same report.

use super::{reported_proctoring, timeline};
use crate::{
    components::words::{count, duration, end_reason},
    model::{
        Completion, Criteria, CriteriaMeans, Criterion, Evaluation, Evaluator, Question, Recorded, Report,
        ReportedAnswer, ReportedQuestion, ReportedRecordings, Session, UnixMillis,
    },
};

/// Scores from which on an answer is a strength, and up to which it is a gap.
const STRONG: f64 = 7.0;
const WEAK: f64 = 4.0;

/// The report of a session, as it is now. `recordings`: what its pictures and logs came to, if they are known.
#[must_use]
pub fn write(
    session: &Session,
    events: &[Recorded],
    recordings: Option<ReportedRecordings>,
    now: UnixMillis,
) -> Report {
    let completion = completion(session);
    let timeline = timeline::of(session, events);
    let time_used_ms = session.answers.iter().map(|answer| answer.time_used_ms).sum();
    Report {
        session_id: session.id,
        candidate: session.candidate.clone(),
        job: session.job.clone(),
        made_at: now,
        basis: session.basis,
        created_at: session.created_at,
        started_at: session.started_at,
        ended_at: session.ended_at,
        end_reason: session.end_reason,
        summary: summary(session, completion, time_used_ms),
        average_score: session.average_score(),
        criteria: means(&session.evaluations),
        completion,
        time_used_ms,
        questions: questions(session),
        strengths: remarks(session, |score| score >= STRONG, f64::max),
        gaps: gaps(session),
        violations_count: session.violations_count,
        proctoring: Some(reported_proctoring::of(session, recordings)),
        timeline: timeline.entries,
        timeline_left_out: timeline.left_out,
        transcript: session.dialogue.clone(),
        evaluated_by: evaluators(&session.evaluations),
        not_measured: not_measured(session, recordings),
    }
}

fn completion(session: &Session) -> Completion {
    let (planned, answered) = (session.max_questions, session.answered());
    Completion { planned, asked: session.delivered, answered, rate: f64::from(answered) / f64::from(planned.max(1)) }
}

fn summary(session: &Session, completion: Completion, time_used_ms: i64) -> String {
    let Completion { planned, answered, .. } = completion;
    let mut text = format!(
        "{} answered {answered} of {} in {}. ",
        session.candidate.name,
        count(planned, "question"),
        duration(u32::try_from(time_used_ms / 1000).unwrap_or(0))
    );
    if let Some(reason) = session.end_reason {
        text.push_str(&format!("The interview ended: {}. ", end_reason(reason)));
    }
    match session.mean_score() {
        None => text.push_str("No answer was evaluated."),
        Some(score) => text.push_str(&format!("The mean score is {score:.1} of 10.")),
    }
    text
}

fn means(evaluations: &[Evaluation]) -> CriteriaMeans {
    let measured: Vec<_> =
        evaluations.iter().map(|evaluation| &evaluation.verdict).filter(|verdict| !verdict.failed).collect();
    let mean = |of: fn(&Criteria) -> f64| {
        let sum: f64 = measured.iter().map(|verdict| of(&verdict.criteria)).sum();
        (!measured.is_empty()).then(|| sum / measured.len() as f64)
    };
    CriteriaMeans {
        relevance: mean(|criteria| criteria.relevance.score),
        correctness: mean(|criteria| criteria.correctness.score),
        depth: mean(|criteria| criteria.depth.score),
        clarity: mean(|criteria| criteria.clarity.score),
    }
}

fn questions(session: &Session) -> Vec<ReportedQuestion> {
    let planned = session.questions.iter().take(session.max_questions as usize);
    (0..)
        .zip(planned)
        .map(|(index, question)| ReportedQuestion {
            index,
            text: question.text.clone(),
            kind: question.kind,
            answer: session.answers.iter().find(|answer| answer.question == index).map(|answer| ReportedAnswer {
                text: answer.text.clone(),
                outcome: answer.outcome,
                at: answer.at,
                time_used_ms: answer.time_used_ms,
            }),
            evaluation: session.evaluations.iter().find(|known| known.question == index).cloned(),
        })
        .collect()
}

/// A line for each evaluated answer whose score is in question, best ones first. `telling`: which of two criteria's scores
/// tells more, where correctness was not measured.
fn remarks(session: &Session, wanted: impl Fn(f64) -> bool, telling: fn(f64, f64) -> f64) -> Vec<String> {
    let scored = session.evaluations.iter().filter_map(|known| Some((known, known.score()?)));
    let mut found: Vec<_> = scored.filter(|(_, score)| wanted(*score)).collect();
    found.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    found
        .into_iter()
        .map(|(known, score)| {
            let number = known.question + 1;
            let why = match &known.correction {
                Some(correction) => &correction.reason,
                None => telling_sentence(session, known, telling),
            };
            format!("Question {number} ({score:.1}): {why}")
        })
        .collect()
}

fn telling_sentence<'a>(session: &Session, known: &'a Evaluation, telling: fn(f64, f64) -> f64) -> &'a str {
    let Criteria { relevance, correctness, depth, clarity } = &known.verdict.criteria;
    let question = session.questions.get(known.question as usize);
    // The offline rules have nothing to measure it by.
    let unmeasured = known.verdict.by == Evaluator::Offline
        && question
            .is_some_and(|Question { rubric, .. }| rubric.key_points.is_empty() && rubric.reference_answer.is_none());
    if !unmeasured {
        return &correctness.sentence;
    }
    let more = |a: &'a Criterion, b: &'a Criterion| if telling(a.score, b.score) == a.score { a } else { b };
    &[depth, clarity].into_iter().fold(relevance, more).sentence
}

fn gaps(session: &Session) -> Vec<String> {
    let mut gaps = remarks(session, |score| score <= WEAK, f64::min);
    let blank = session.answers.iter().filter(|answer| !answer.is_given());
    gaps.extend(blank.map(|answer| format!("Question {} was not answered.", answer.question + 1)));
    let never = session.max_questions.saturating_sub(session.answers.len() as u32);
    if never > 0 {
        gaps.push(format!("{} did not come to an answer before the end.", count(never, "question")));
    }
    gaps
}

fn evaluators(evaluations: &[Evaluation]) -> Vec<String> {
    let mut names: Vec<String> = evaluations
        .iter()
        .map(|evaluation| match &evaluation.verdict.by {
            Evaluator::Offline => "offline rules".to_owned(),
            Evaluator::Model { name } => name.clone(),
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

fn not_measured(session: &Session, recordings: Option<ReportedRecordings>) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    for evaluation in &session.evaluations {
        for note in &evaluation.verdict.notes {
            let line = format!("Question {}: {note}", evaluation.question + 1);
            notes.push(line);
        }
    }
    match session.devices {
        Some(devices) if !devices.camera => notes.push("The candidate had no camera: nobody saw who answered.".into()),
        None => notes.push("Camera and microphone were never tried.".into()),
        Some(_) => {}
    }
    notes.extend(reported_proctoring::not_measured(session, recordings));
    notes.push("What was said aloud is not recorded and does not count.".into());
    notes
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{
        model::{KeyPoint, SessionId, Verdict},
        service::fakes,
    };

    #[test]
    fn how_long_it_took_is_said_in_words() {
        let session = fakes::session(SessionId(Uuid::nil()));
        let completion = Completion { planned: 2, asked: 2, answered: 1, rate: 0.5 };
        let said = |ms| summary(&session, completion, ms);
        assert!(
            said(754_900).starts_with("Ada Lovelace answered 1 of 2 questions in 12\u{a0}minutes 34\u{a0}seconds. "),
            "{}",
            said(754_900)
        );
        assert!(said(59_000).contains(" in 59\u{a0}seconds. "));
    }

    #[test]
    fn what_was_not_measured_is_no_reason() {
        let mut session = fakes::session(SessionId(Uuid::nil()));
        let criterion = |score, sentence: &str| Criterion { score, sentence: sentence.into(), quotes: vec![] };
        let criteria = Criteria {
            relevance: criterion(3.0, "Off topic."),
            correctness: criterion(5.0, "Not judged."),
            depth: criterion(1.0, "Shallow."),
            clarity: criterion(6.0, "Clear."),
        };
        let verdict = Verdict { score: 3.0, criteria, by: Evaluator::Offline, notes: vec![], failed: false };
        session.evaluations = vec![Evaluation { question: 0, verdict, at: UnixMillis(1), correction: None }];
        assert_eq!(remarks(&session, |_| true, f64::min), ["Question 1 (3.0): Shallow."]);
        assert_eq!(remarks(&session, |_| true, f64::max), ["Question 1 (3.0): Clear."]);
        session.questions[0].rubric.key_points = vec![KeyPoint { text: "lock".into(), weight: 1 }];
        assert_eq!(remarks(&session, |_| true, f64::min), ["Question 1 (3.0): Not judged."]);
    }
}
