//! What the evaluator promises, over its public interface.

mod bounds;
mod code;
mod honesty;
mod ranking;
mod text;
mod tricks;

use evaluate::{KeyPoint, Kind, Rubric, Task, Verdict, evaluate};

const QUESTION: &str = "What does an index do in a relational database, and when would you rather not add one?";

const GOOD: &str = "An index is a sorted structure, usually a B-tree, so the database finds rows without scanning the whole \
                    table. However, every insert and update must maintain it, which slows down writes, and it takes disk \
                    space. I wouldn't add one on a column with few distinct values, for example a boolean, because reading \
                    half of the table through it is slower than a scan.";

fn key_points() -> Vec<KeyPoint> {
    [
        ("finds rows without a full table scan", 2.0),
        ("B-tree / sorted structure", 1.0),
        ("slows down writes / inserts and updates must maintain it", 2.0),
        ("takes disk space", 1.0),
        ("useless for few distinct values / low selectivity", 1.0),
    ]
    .map(|(text, weight)| KeyPoint { text: text.to_owned(), weight })
    .to_vec()
}

fn rubric() -> Rubric {
    Rubric { key_points: key_points(), reference: None, language: None }
}

fn judge(kind: Kind, question: &str, rubric: &Rubric, answer: &str) -> Verdict {
    evaluate(&Task { question, kind, rubric, answer })
}

/// The verdict on an answer to [`QUESTION`].
fn about_index(answer: &str) -> Verdict {
    judge(Kind::Text, QUESTION, &rubric(), answer)
}

/// The criteria, in order.
fn criteria(verdict: &Verdict) -> [&evaluate::Criterion; 4] {
    [&verdict.relevance, &verdict.correctness, &verdict.depth, &verdict.clarity]
}

fn notes_mention(verdict: &Verdict, words: &str) -> bool {
    verdict.notes.iter().any(|note| note.contains(words))
}
