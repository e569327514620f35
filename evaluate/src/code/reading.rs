//! An answer in code with all that was found out about it.

use super::guess;
use super::shape;
use super::source::Source;
use super::syntax::Syntax;
use crate::coverage::Coverage;
use crate::key_points::Nearness;
use crate::passage::looked_at;
use crate::task::Task;
use crate::topic::Topic;
use crate::verdict::{ramp, share};
use crate::words::{Word, words};

/// Code is short, and what belongs together may stand lines apart.
const NEAR: Nearness = Nearness { words: 150, sentences: 0 };

pub struct Reading<'a> {
    pub topic: &'a Topic,
    pub source: Source,
    /// Empty but for the language if no grammar has read it.
    pub syntax: Syntax,
    /// The reference's, if it is in the same language and was parsed too.
    pub reference: Option<Syntax>,
    /// Likeness to the reference's words, 0..=1, where syntax can't be compared.
    pub word_likeness: Option<f64>,
    /// The words of the code (names, comments, strings, keywords) and of what was said around it.
    pub words: Vec<Word>,
    pub coverage: Coverage<'a>,
    /// 0..=1: how far it is code that could be compiled or run.
    pub parses: f64,
    /// 0..=1: how far it is code and not prose or a pile of words.
    pub is_code: f64,
    pub wants_function: bool,
}

impl<'a> Reading<'a> {
    pub fn new(task: &Task, topic: &'a Topic) -> Self {
        let source = Source::of(looked_at(task.answer));
        let model = task.rubric.reference.as_deref().filter(|code| !code.trim().is_empty());
        let model = model.map(|code| Source::of(looked_at(code)));
        let syntax = guess::read(&source, task.rubric.language);
        let reference = model.as_ref().map(|model| guess::read(model, task.rubric.language.or(syntax.language)));
        let reference = reference.filter(|reference| reference.is_parsed() && syntax.is_parsed());
        let word_likeness = model.as_ref().filter(|_| reference.is_none());
        let word_likeness = word_likeness.map(|model| shape::word_likeness(&source.code, &model.code));

        let text = format!("{}\n{}\n{}", source.code, source.prose, shape::words_of_kinds(&syntax));
        let mut words = words(&text);
        topic.lexicon.adopt(&mut words);
        let coverage = Coverage::of(&topic.points, &text, &words, &vec![Some(0); words.len()], NEAR);
        let parses = if syntax.is_parsed() { 1.0 - ramp(syntax.misplaced_share(), 0.0, 0.3) } else { 1.0 };
        let is_code = is_code(&source.code, &syntax);
        let question = task.question.to_lowercase();
        // The reference knows best; without one, the question's words have to do.
        let wants_function = match &reference {
            Some(reference) => reference.functions > 0,
            None => ["function", "method", "procedure"].iter().any(|word| question.contains(word)),
        };
        Self { topic, source, syntax, reference, word_likeness, words, coverage, parses, is_code, wants_function }
    }

    pub fn lacks_function(&self) -> bool {
        self.wants_function && self.syntax.functions == 0 && self.syntax.is_parsed()
    }

    /// What everything that code earns is multiplied with.
    pub fn gate(&self) -> f64 {
        let function = if self.lacks_function() { 0.5 } else { 1.0 };
        (0.25 + 0.75 * self.parses) * self.is_code * function
    }

    pub fn add_notes(&self, notes: &mut Vec<String>) {
        match self.syntax.language {
            Some(language) if self.syntax.is_parsed() => notes.push(format!("It was read as {language}.")),
            Some(language) => {
                notes.push(format!("It was not parsed as {language}, so its structure was not measured."))
            }
            None => notes.push("No grammar could read it, so its structure was not measured.".to_owned()),
        }
        if self.source.cut {
            notes.push("Only the beginning of the code was parsed.".to_owned());
        }
        if self.is_code < 0.5 {
            notes.push("It looks like words rather than code, which lowers its scores.".to_owned());
        }
    }
}

/// 0 for text without the signs that code is made of, 1 for code: by operators and brackets per word, and by whether a
/// grammar finds anything in it that does something.
fn is_code(code: &str, syntax: &Syntax) -> f64 {
    let signs = code.chars().filter(|c| "(){}[]<>=;:+-*/%&|!_".contains(*c)).count();
    let words = code.split_whitespace().count();
    let dense = ramp(share(signs, words), 0.1, 0.5);
    let does = syntax.functions + syntax.used.len() + syntax.loops + syntax.branches + syntax.returns > 0;
    if guess::is_sql(code) { 1.0 } else { (dense * if does { 1.0 } else { 0.4 }).max(0.05) }
}
