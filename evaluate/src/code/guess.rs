//! In which language an answer is written.

use super::grammar::parse;
use super::source::Source;
use super::syntax::Syntax;
use crate::language::Language;
use crate::verdict::share;

/// Bytes that are parsed in every language to find out which it is.
const TASTED: usize = 1_500;

/// The code's syntax in `language`, or in the language that a fence names, or in the one that it parses best in.
/// Without a grammar for it nothing but the language is known.
pub fn read(source: &Source, language: Option<Language>) -> Syntax {
    let named = || source.named.as_deref().and_then(Language::from_name);
    let Some(language) = language.or_else(named).or_else(|| guess(&source.code)) else { return Syntax::default() };
    match parse(language, &source.code) {
        Some(tree) => Syntax::of(language, &tree, &source.code),
        None => Syntax { language: Some(language), ..Syntax::default() },
    }
}

/// The language whose grammar can't place the fewest parts of the code's beginning.
///
/// A language that contains another one comes after it (TypeScript after JavaScript), so that it is chosen only for what the
/// other one lacks.
pub fn guess(code: &str) -> Option<Language> {
    let head = head(code);
    if is_sql(head) {
        return Some(Language::Sql);
    }
    let mut best: Option<(f64, Language)> = None;
    for language in Language::ALL {
        let Some(tree) = parse(language, head) else { continue };
        let syntax = Syntax::of(language, &tree, head);
        // A tree without structure, as of a line of plain words, fits hardly better than a broken one.
        let plain = if syntax.functions + syntax.used.len() + syntax.branches == 0 { 0.05 } else { 0.0 };
        let misfit = syntax.misplaced_share() + plain + strange(language, head);
        if best.is_none_or(|(least, _)| misfit < least - 1e-9) {
            best = Some((misfit, language));
        }
    }
    best.map(|(_, language)| language)
}

/// Whether it begins like a statement of SQL and goes on like one.
pub fn is_sql(code: &str) -> bool {
    let words: Vec<String> = code.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase).collect();
    let mut words = words.iter().map(String::as_str).filter(|word| !word.is_empty());
    let begins = matches!(words.next(), Some("select" | "with" | "insert" | "update" | "delete" | "create" | "alter"));
    begins
        && words.any(|word| matches!(word, "from" | "into" | "set" | "table" | "view"))
        && code.contains([';', ',', '=', '(', '*'])
}

fn head(code: &str) -> &str {
    let head = &code[..code.floor_char_boundary(TASTED)];
    if head.len() == code.len() { head } else { head.rfind('\n').map_or(head, |end| &head[..end]) }
}

/// The share of lines that end as no line of the language does, a small part of the misfit: grammars are lenient.
fn strange(language: Language, code: &str) -> f64 {
    let lines: Vec<&str> = code.lines().map(str::trim_end).filter(|line| !line.is_empty()).collect();
    let semicolons = lines.iter().filter(|line| line.ends_with(';')).count();
    match language {
        Language::Python | Language::Go => 0.2 * share(semicolons, lines.len()),
        _ => 0.0,
    }
}
