//! Prints the published answers' scores beside their ranks by hand; with `--why`, the sentences and quotes too:
//! `cargo run -p evaluate --example scores -- --why`

use evaluate::labelled::PUBLISHED;
use evaluate::{Task, agreement, evaluate};

fn main() {
    let why = std::env::args().any(|argument| argument == "--why");
    for question in PUBLISHED {
        println!("{}", question.name);
        let rubric = question.rubric();
        for answer in question.answers {
            let task = Task { question: question.question, kind: question.kind, rubric: &rubric, answer: answer.text };
            let verdict = evaluate(&task);
            println!("  rank {}: {:5.2}", answer.rank, verdict.score);
            for (name, criterion) in [
                ("relevance", &verdict.relevance),
                ("correctness", &verdict.correctness),
                ("depth", &verdict.depth),
                ("clarity", &verdict.clarity),
            ] {
                println!("    {name:12} {:5.2}", criterion.score);
                if why {
                    println!("      {}\n      {:?}", criterion.sentence, criterion.quotes);
                }
            }
            if why {
                println!("    {}", verdict.notes.join("\n    "));
            }
        }
    }
    println!("{:#?}", agreement(PUBLISHED));
}
