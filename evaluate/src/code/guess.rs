//! In which language an answer is written.

use super::grammar::parse;
use super::source::Source;
use super::syntax::Syntax;
use crate::language::Language;
use crate::verdict::share;

/// Bytes that are parsed in every language to find out which it is.
const TASTED: usize = 1_500;

/// The code's syntax in `language`, or in the language that a fence names, or in the one that it parses best in.
/// `None` without a grammar.
pub fn read(source: &Source, language: Option<Language>) -> Option<Syntax> {
    let named = || source.named.as_deref().and_then(Language::from_name);
    let language = language.or_else(named).or_else(|| guess(&source.code))?;
    Some(Syntax::of(language, &parse(language, &source.code)?, &source.code))
}

/// The language whose grammar can't place the fewest parts of the code's beginning.
///
/// A language that contains another one comes after it (TypeScript after JavaScript), so that it is chosen only for what the
/// other one lacks.
pub fn guess(code: &str) -> Option<Language> {
    let head = head(code);
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
