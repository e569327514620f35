//! Whatever an answer is, judging it ends soon and does not break the stack.

use std::time::{Duration, Instant};
use std::{fs, thread};

use evaluate::Language;

use super::*;

/// Unoptimised tests on a busy machine are many times slower than what is shipped, which stays under 50 ms.
const PATIENCE: Duration = Duration::from_secs(5);
/// A quarter of what Rust gives to its threads.
const STACK: usize = 512 * 1024;
const LENGTH: usize = 50_000;

type Answers = Vec<(&'static str, String)>;

fn repeated(part: &str) -> String {
    part.repeat(LENGTH / part.len())
}

/// Answers of fifty thousand characters that are made to be hard to parse.
fn hostile_code() -> Answers {
    vec![
        ("open brackets", repeated("(")),
        ("mixed brackets", repeated("([{<")),
        ("nested calls", repeated("f(")),
        ("nested blocks", repeated("{if(x){for(;;){")),
        ("nested functions", repeated("function f(){")),
        ("operators", repeated("a+-*!~")),
        ("generics", repeated("a<b,c>d")),
        ("open strings", repeated("\"'`")),
        ("line comments", repeated("// # -- /*\n")),
        ("indented", (0..250).map(|n| " ".repeat(n) + "if x:\n").collect()),
        ("fences", repeated("```\n")),
        ("selects", repeated("select (select ")),
    ]
}

/// The same for prose.
fn hostile_prose() -> Answers {
    let numbered = |word: &str| (0..LENGTH / 10).map(|n| format!("{word}{n} ")).collect::<String>();
    vec![
        ("one word", repeated("index")),
        ("one letter", repeated("x")),
        ("full stops", repeated(". ")),
        ("sentences", repeated("It locks rows. ")),
        ("key words", repeated("rows table scan sorted tree ")),
        ("near key words", numbered("maintains")),
        ("different words", numbered("struct")),
        ("negations", repeated("not never rows ")),
        ("emoji", repeated("👩‍👩‍👧‍👦")),
        ("combining", repeated("e\u{301}\u{302}")),
        ("right to left", repeated("\u{202e}שלום ")),
        ("null", repeated("\0")),
    ]
}

fn each_in_time(kind: Kind, language: Option<Language>, answers: &Answers) {
    let rubric = Rubric { language, reference: Some("def f(x):\n    return g(x)\n".to_owned()), ..rubric() };
    for (name, answer) in answers {
        let (begun, worked) = (Instant::now(), time_at_work());
        let verdict = judge(kind, QUESTION, &rubric, answer);
        let taken = time_at_work().zip(worked).map_or(begun.elapsed(), |(now, then)| now - then);
        if std::env::var_os("SHOW_TIMES").is_some() {
            eprintln!("{taken:>12.1?} {kind:?} {language:?} {name} {:.2}", verdict.score);
        }
        assert!(taken < PATIENCE, "{name} as {language:?} took {taken:?}");
        assert!(verdict.score < 5.0, "{name} as {language:?}: {verdict:#?}");
    }
}

/// How long this thread has been on a processor, where Linux tells: others' work on the machine does not count.
fn time_at_work() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split(' ').next()?.parse().ok()?))
}

fn on_a_small_stack(test: impl FnOnce() + Send + 'static) {
    let running = thread::Builder::new().stack_size(STACK).spawn(test).expect("a thread");
    running.join().expect("the test on the small stack");
}

#[test]
fn hostile_prose_is_judged_in_time() {
    on_a_small_stack(|| {
        each_in_time(Kind::Text, None, &hostile_prose());
        each_in_time(Kind::Text, None, &hostile_code());
    });
}

#[test]
fn hostile_code_is_judged_in_time_in_every_language() {
    on_a_small_stack(|| {
        for language in Language::ALL {
            each_in_time(Kind::Code, Some(language), &hostile_code());
        }
    });
}

#[test]
fn hostile_code_in_an_unknown_language_is_judged_in_time() {
    on_a_small_stack(|| {
        each_in_time(Kind::Code, None, &hostile_code());
        each_in_time(Kind::Code, None, &hostile_prose());
    });
}

#[test]
fn long_answers_are_cut_and_it_is_said() {
    let long = format!("{GOOD} ").repeat(200);
    assert!(notes_mention(&about_index(&long), "Only the first"));
    assert!(!notes_mention(&about_index(GOOD), "Only the first"));
}
