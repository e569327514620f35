//! Reports on paper.

use app::{
    model::{
        Criteria, Evaluation, Evaluator, QuestionKind, Report, ReportedQuestion, ReportedViolation, Speaker,
        UnixMillis, Utterance, when_open,
    },
    violation_words::{HINTS, decision, recordings_words, severity, violation},
    words::{clock, count, end_reason, kind, mark, more_happened, outcome, utc},
};
use paper::{Align, Axis, Bar, Block, Column, Document, Lane, LaneSpan, PaperError, Span, Table, Text, Timeline, Tone};
use proctor::policy::Severity;

/// Characters of all answers together that are put on paper, about 60 pages; of one answer, at least and at most; and of
/// what was said in the transcript.
const ANSWERS: usize = 150_000;
const LEAST: usize = 500;
const MOST: usize = 10_000;
const SAID: usize = 300;

/// Lines of one answer that are put on paper.
const LINES: usize = 250;

/// The report as a PDF.
///
/// # Errors
/// When it cannot be laid out, which would be a fault of ours.
pub fn pdf(report: &Report) -> Result<Vec<u8>, PaperError> {
    let rendered = paper::render(&document(report))?;
    if !rendered.missing_characters.is_empty() {
        tracing::debug!(session.id = %report.session_id, "a report has characters that its fonts do not have");
    }
    Ok(rendered.bytes)
}

fn document(report: &Report) -> Document {
    let name = &report.candidate.name;
    let mut paper = Document::new(format!("Interview report: {name}"), report.made_at.0 / 1000);
    let job = report.job.as_ref().map(|job| job.title.as_str());
    paper.footer = [Some(name.as_str()), job].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    head(&mut paper, report, job);
    figures(&mut paper, report);
    remarks(&mut paper, report);
    let room = (ANSWERS / report.questions.len().max(1)).clamp(LEAST, MOST);
    for question in &report.questions {
        on_question(&mut paper, question, room);
    }
    proctoring(&mut paper, report);
    timeline(&mut paper, report);
    transcript(&mut paper, report);
    paper
}

fn head(paper: &mut Document, report: &Report, job: Option<&str>) {
    paper.push(Block::heading(1, &report.candidate.name));
    paper.push(Block::paragraph(report.summary.as_str()));
    let mut facts: Vec<(String, Text)> = Vec::new();
    let mut fact = |name: &str, value: String| facts.push((name.to_owned(), value.into()));
    if let Some(job) = job {
        fact("Position", job.to_owned());
    }
    fact("E-mail address", report.candidate.email.clone());
    if let Some(at) = report.started_at {
        fact("Started", utc(at));
    }
    if let Some(at) = report.ended_at {
        fact("Ended", utc(at));
    }
    if let Some(reason) = report.end_reason {
        fact("How it ended", end_reason(reason).to_owned());
    }
    let done = report.completion;
    fact("Answered", format!("{} of {}", done.answered, count(done.planned, "question")));
    fact("Time spent on answers", clock(report.time_used_ms / 1000));
    fact("Violations", report.violations_count.to_string());
    let by = report.evaluated_by.join(", ");
    fact("Evaluated by", if by.is_empty() { "nobody".to_owned() } else { by });
    fact("Report made", utc(report.made_at));
    paper.push(Block::Facts(facts));
}

fn figures(paper: &mut Document, report: &Report) {
    paper.push(Block::heading(2, "Scores"));
    paper.push(match report.mean_score() {
        Some(mean) => {
            let mean = Span::from(format!("{mean:.1}")).bold();
            Block::Paragraph(vec![Span::from("Mean of all evaluated answers: "), mean, Span::from(" of 10")].into())
        }
        None => Block::paragraph("No answer was evaluated."),
    });
    let axis = |(label, value): (&str, Option<f64>)| Some(Axis { label: label.to_owned(), value: value? });
    let axes: Option<Vec<_>> = report.criteria.each().into_iter().map(axis).collect();
    if let Some(axes) = axes {
        paper.push(Block::Radar(axes));
    }
    let bar = |question: &ReportedQuestion| Bar {
        label: format!("Question {}", question.index + 1),
        value: question.evaluation.as_ref().and_then(Evaluation::score),
        note: shortened(&question.text),
    };
    paper.push(Block::Bars(report.questions.iter().map(bar).collect()));
}

fn remarks(paper: &mut Document, report: &Report) {
    let lists =
        [("Strengths", &report.strengths), ("Gaps", &report.gaps), ("What was not measured", &report.not_measured)];
    for (title, lines) in lists {
        if !lines.is_empty() {
            paper.push(Block::heading(2, title));
            paper.push(Block::Bullets(lines.iter().map(|line| line.as_str().into()).collect()));
        }
    }
}

fn on_question(paper: &mut Document, question: &ReportedQuestion, room: usize) {
    paper.push(Block::heading(2, format!("Question {}", question.index + 1)));
    paper.push(Block::Paragraph(vec![Span::from(question.text.as_str()).bold()].into()));
    let Some(answer) = &question.answer else {
        return paper.push(Block::muted("Not dealt with before the end."));
    };
    let how = format!(
        "Answer in {}: {}, after {}",
        kind(question.kind),
        outcome(answer.outcome).to_lowercase(),
        clock(answer.time_used_ms / 1000)
    );
    paper.push(Block::muted(how));
    let shown = beginning(&answer.text, room);
    match question.kind {
        QuestionKind::Text => paper.push(Block::paragraph(shown)),
        QuestionKind::Coding => paper.push(Block::Code(shown.to_owned())),
    }
    if shown.len() < answer.text.len() {
        let (some, all) = (shown.chars().count(), answer.text.chars().count());
        let text =
            format!("Shortened: the first {some} of {all} characters. The report on screen has the whole answer.");
        paper.push(Block::Notice { tone: Tone::Warn, text: text.into() });
    }
    if let Some(evaluation) = &question.evaluation {
        on_evaluation(paper, evaluation);
    }
}

fn on_evaluation(paper: &mut Document, evaluation: &Evaluation) {
    let verdict = &evaluation.verdict;
    let by = match &verdict.by {
        Evaluator::Offline => "offline rules",
        Evaluator::Model { name } => name.as_str(),
    };
    paper.push(Block::Paragraph(
        vec![
            Span::from("Score: "),
            Span::from(mark(evaluation.score())).bold(),
            Span::from(format!(" of 10 (by {by}: {})", mark(verdict.measured()))).tone(Tone::Muted),
        ]
        .into(),
    ));
    if let Some(correction) = &evaluation.correction {
        let text = format!("Set by {} on {}: {}", correction.by, utc(correction.at), correction.reason);
        paper.push(Block::Notice { tone: Tone::Accent, text: text.into() });
    }
    if !verdict.failed {
        paper.push(Block::Table(criteria(&verdict.criteria)));
    }
    for (name, criterion) in verdict.criteria.each() {
        for quote in &criterion.quotes {
            paper.push(Block::Quote { text: quote.clone(), source: name.to_owned() });
        }
    }
    for note in &verdict.notes {
        paper.push(Block::muted(note.as_str()));
    }
}

fn criteria(criteria: &Criteria) -> Table {
    let column = |weight, align| Column { weight, align };
    Table {
        columns: vec![column(2.0, Align::Left), column(1.0, Align::Right), column(7.0, Align::Left)],
        header: ["Criterion", "0–10", "Why"].map(str::to_owned).into(),
        rows: criteria
            .each()
            .into_iter()
            .map(|(name, criterion)| {
                vec![name.into(), format!("{:.1}", criterion.score).into(), criterion.sentence.as_str().into()]
            })
            .collect(),
    }
}

fn proctoring(paper: &mut Document, report: &Report) {
    let Some(told) = &report.proctoring else { return };
    paper.push(Block::heading(2, "Proctoring"));
    if !told.proctored {
        return paper.push(Block::muted("This interview was not proctored."));
    }
    paper.push(Block::Notice { tone: Tone::Accent, text: HINTS.into() });
    paper.push(Block::paragraph(recordings_words(told)));
    let from = report.started_at.unwrap_or(report.created_at);
    if !told.violations.is_empty() {
        let asked = (&report.questions[..], &report.transcript[..]);
        paper.push(Block::Timeline(flags(&told.violations, asked, from, report.ended_at)));
    }
    for flag in &told.violations {
        let at = clock(flag.from.since(from) / 1000);
        let lasted = flag.to.map(|to| format!(" for {}", clock(to.since(flag.from) / 1000))).unwrap_or_default();
        paper.push(Block::Paragraph(
            vec![
                Span::from(violation(flag.kind)).bold(),
                Span::from(format!("  {}, at {at}{lasted}", severity(flag.severity))).tone(Tone::Muted),
            ]
            .into(),
        ));
        let decided = match &flag.review {
            None => "Nobody has decided about it yet.".to_owned(),
            Some(review) if review.reason.is_empty() => {
                format!("{} by {} on {}", decision(review.decision), review.by, utc(review.at))
            }
            Some(review) => {
                format!("{} by {} on {}: {}", decision(review.decision), review.by, utc(review.at), review.reason)
            }
        };
        paper.push(Block::muted(decided));
        if let Some(note) = &flag.note {
            paper.push(Block::Quote { text: note.clone(), source: "the candidate".to_owned() });
        }
    }
    if told.violations.is_empty() {
        paper.push(Block::paragraph("No flag counts."));
    }
    let (dismissed, notes) = (count(told.dismissed, "flag"), count(told.notes, "note"));
    paper.push(Block::muted(format!("Not listed: {dismissed} dismissed, {notes} for information.")));
}

/// When flags were seen, a lane for each severity, below the questions that were open then.
fn flags(
    violations: &[ReportedViolation],
    (questions, transcript): (&[ReportedQuestion], &[Utterance]),
    from: UnixMillis,
    ended_at: Option<UnixMillis>,
) -> Timeline {
    let second = |at: UnixMillis| at.since(from).max(0) as f64 / 1000.0;
    let last = violations.iter().map(|flag| flag.to.unwrap_or(flag.from)).max();
    let length_s = second(ended_at.or(last).unwrap_or(from));
    let answered = questions.iter().filter_map(|question| {
        let answer = question.answer.as_ref()?;
        Some(when_open(transcript, question.index, answer.at, answer.time_used_ms))
    });
    let open = answered.zip([Tone::Accent, Tone::Muted].into_iter().cycle()).map(|((from, to), tone)| LaneSpan {
        start_s: second(from),
        end_s: second(to),
        tone,
    });
    let mut lanes = vec![Lane { label: "Questions".to_owned(), spans: open.collect() }];
    for (grave, tone) in [
        (Severity::Critical, Tone::Bad),
        (Severity::High, Tone::Bad),
        (Severity::Medium, Tone::Warn),
        (Severity::Low, Tone::Plain),
    ] {
        let of_it = violations.iter().filter(|flag| flag.severity == grave);
        let span = |flag: &ReportedViolation| LaneSpan {
            start_s: second(flag.from),
            end_s: flag.to.map_or(length_s, second),
            tone,
        };
        let spans: Vec<_> = of_it.map(span).collect();
        if !spans.is_empty() {
            lanes.push(Lane { label: format!("Flags, {}", severity(grave)), spans });
        }
    }
    Timeline { length_s, start_label: clock(0), end_label: clock(length_s as i64), lanes }
}

fn timeline(paper: &mut Document, report: &Report) {
    paper.push(Block::heading(2, "What happened when"));
    let row = |entry: &app::model::TimelineEntry| {
        let since = clock(entry.at.since(report.created_at) / 1000);
        vec![since.into(), entry.text.as_str().into()]
    };
    paper.push(Block::Table(Table {
        columns: vec![Column { weight: 1.0, align: Align::Right }, Column { weight: 8.0, align: Align::Left }],
        header: ["Time", "What"].map(str::to_owned).into(),
        rows: report.timeline.iter().map(row).collect(),
    }));
    paper.push(Block::muted("Minutes and seconds since the interview was made."));
    if report.timeline_left_out > 0 {
        paper.push(Block::muted(more_happened(report.timeline_left_out)));
    }
}

fn transcript(paper: &mut Document, report: &Report) {
    paper.push(Block::heading(2, "Transcript"));
    paper.push(Block::muted("Of what is long only the beginning: answers stand with their questions above."));
    for said in &report.transcript {
        let (who, tone) = match said.speaker {
            Speaker::Interviewer => ("Interviewer", Tone::Muted),
            Speaker::Candidate => ("Candidate", Tone::Accent),
        };
        let head = format!("{who}, {}", utc(said.at));
        paper.push(Block::Muted(vec![Span::from(head).tone(tone)].into()));
        let shown = beginning(&said.text, SAID);
        let more = if shown.len() < said.text.len() { "…" } else { "" };
        paper.push(Block::paragraph(format!("{shown}{more}")));
    }
}

/// As much of a text as is put on paper: so many characters and [`LINES`] lines at most.
fn beginning(text: &str, characters: usize) -> &str {
    let by_characters = text.char_indices().nth(characters).map_or(text.len(), |(end, _)| end);
    let by_lines = text.match_indices('\n').nth(LINES - 1).map_or(text.len(), |(end, _)| end);
    &text[..by_characters.min(by_lines)]
}

/// The beginning of a text, for a label.
fn shortened(text: &str) -> String {
    const MOST: usize = 90;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= MOST && line.len() == text.len() {
        return line.to_owned();
    }
    let begin: String = line.chars().take(MOST).collect();
    format!("{}…", begin.trim_end())
}

#[cfg(test)]
mod tests {
    use app::model::{AnswerOutcome, ReportedAnswer};
    use proctor::policy::Kind;

    use super::*;

    #[test]
    fn flags_are_shown_below_the_questions_that_were_open() {
        let answer =
            |outcome, at| ReportedAnswer { text: String::new(), outcome, at: UnixMillis(at), time_used_ms: 20_000 };
        let question = |index, answer| ReportedQuestion {
            index,
            text: String::new(),
            kind: QuestionKind::Text,
            answer,
            evaluation: None,
        };
        let flag = |severity, from, to: Option<i64>| ReportedViolation {
            kind: Kind::NoFace,
            severity,
            from: UnixMillis(from),
            to: to.map(UnixMillis),
            review: None,
            note: None,
        };
        let violations = [flag(Severity::Low, 0, Some(103_000)), flag(Severity::High, 130_000, None)];
        let in_time = answer(AnswerOutcome::Submitted, 122_000);
        // Nobody was there when its time ran out, at 142 s.
        let late = answer(AnswerOutcome::NoResponse, 158_000);
        let questions = [question(0, Some(in_time)), question(1, Some(late)), question(2, None)];
        let asked = |at| Utterance { speaker: Speaker::Interviewer, text: String::new(), at: UnixMillis(at) };
        let transcript = [asked(102_000), asked(122_000)];
        let asked = (&questions[..], &transcript[..]);
        let shown = flags(&violations, asked, UnixMillis(100_000), Some(UnixMillis(160_000)));
        assert_eq!((shown.length_s, shown.end_label.as_str()), (60.0, "1:00"));
        let lanes = shown.lanes.iter().map(|lane| {
            let spans: Vec<_> = lane.spans.iter().map(|span| (span.start_s, span.end_s)).collect();
            (lane.label.as_str(), spans)
        });
        let expected = [
            ("Questions", vec![(2.0, 22.0), (22.0, 42.0)]),
            ("Flags, high", vec![(30.0, 60.0)]),
            ("Flags, low", vec![(0.0, 3.0)]),
        ];
        assert_eq!(lanes.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn of_a_long_answer_the_beginning_is_put_on_paper() {
        assert_eq!(beginning("äöü", 3), "äöü");
        assert_eq!(beginning("äöü", 2), "äö");
        assert_eq!(beginning(&"x\n".repeat(LINES + 9), 9_999).lines().count(), LINES);
        let short = "x\n".repeat(LINES - 1) + "x";
        assert_eq!(beginning(&short, 9_999), short);
    }
}
