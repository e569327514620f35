//! The grammars that are built in, and parsing within bounds.

use std::ops::ControlFlow;

use tree_sitter::{ParseOptions, ParseState, Parser, Tree};

use crate::language::Language;

/// Operations of the parser per byte of code that are allowed; well-formed code takes fewer than three. Counted, not timed:
/// the same answer gives the same tree.
const OPERATIONS: usize = 4;
/// The parser reports after so many operations.
const REPORTS: usize = 100;

/// Parses; `None` without that grammar, or when the parser was still at work after all its operations.
pub fn parse(language: Language, source: &str) -> Option<Tree> {
    let most = 20 + OPERATIONS * source.len() / REPORTS;
    let mut parser = Parser::new();
    parser.set_language(&grammar(language)?).ok()?;
    let mut steps = 0;
    let mut progress = |_: &ParseState| {
        steps += 1;
        if steps > most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = ParseOptions::new().progress_callback(&mut progress);
    parser.parse_with_options(&mut |at, _| source.as_bytes().get(at..).unwrap_or_default(), None, Some(options))
}

/// The grammar, if its feature is on.
fn grammar(language: Language) -> Option<tree_sitter::Language> {
    match language {
        #[cfg(feature = "c")]
        Language::C => Some(tree_sitter_c::LANGUAGE.into()),
        #[cfg(feature = "cpp")]
        Language::Cpp => Some(tree_sitter_cpp::LANGUAGE.into()),
        #[cfg(feature = "go")]
        Language::Go => Some(tree_sitter_go::LANGUAGE.into()),
        #[cfg(feature = "java")]
        Language::Java => Some(tree_sitter_java::LANGUAGE.into()),
        #[cfg(feature = "javascript")]
        Language::JavaScript => Some(tree_sitter_javascript::LANGUAGE.into()),
        #[cfg(feature = "python")]
        Language::Python => Some(tree_sitter_python::LANGUAGE.into()),
        #[cfg(feature = "rust")]
        Language::Rust => Some(tree_sitter_rust::LANGUAGE.into()),
        #[cfg(feature = "typescript")]
        Language::TypeScript => Some(tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()),
        _ => None,
    }
}
