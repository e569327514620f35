//! Answers in code. They are parsed and compared, never run.

mod clarity;
mod correctness;
mod depth;
mod grammar;
mod guess;
mod kinds;
mod reading;
mod relevance;
mod shape;
mod source;
mod syntax;

use self::reading::Reading;
use crate::notes;
use crate::passage::looked_at;
use crate::task::Task;
use crate::topic::Topic;
use crate::verdict::Verdict;

pub use guess::guess as guess_language;

pub fn evaluate(task: &Task) -> Verdict {
    if !looked_at(task.answer).contains(char::is_alphanumeric) {
        return Verdict::zero("There is no code in the answer.");
    }
    let topic = Topic::new(task);
    let reading = Reading::new(task, &topic);
    let mut notes = notes::of_task(task);
    reading.add_notes(&mut notes);
    let (relevance, relevant) = relevance::judge(&reading);
    let criteria =
        [relevance, correctness::judge(&reading), depth::judge(&reading, relevant), clarity::judge(&reading)];
    Verdict::new(criteria, notes)
}
