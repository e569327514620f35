//! Clarity of code: short functions, little nesting, telling names, short lines, comments where it is long.

use super::reading::Reading;
use crate::verdict::{Criterion, quotes, ramp, share};

/// Lines in a function, levels of nesting and characters in a line from which readers struggle, as common linters have them.
const LONG_FUNCTION: f64 = 50.0;
const DEEP: f64 = 4.0;
const LONG_LINE: usize = 120;

pub fn judge(reading: &Reading) -> Criterion {
    let syntax = &reading.syntax;
    let lines: Vec<&str> = reading.source.code.lines().filter(|line| !line.trim().is_empty()).collect();
    let short = 1.0 - ramp(syntax.longest_function as f64, LONG_FUNCTION, 3.0 * LONG_FUNCTION);
    let flat = 1.0 - ramp(syntax.nesting as f64, DEEP - 1.0, 2.0 * DEEP);
    let long_lines = lines.iter().filter(|line| line.chars().nth(LONG_LINE).is_some()).count();
    let narrow = 1.0 - share(long_lines, lines.len());

    let names = syntax.names();
    let telling = names.iter().filter(|name| name.chars().nth(2).is_some()).count();
    let naming = ramp(share(telling, names.len()), 0.1, 0.7);
    let needs_comments = lines.len() > 8;
    let commented = if syntax.comments > 0 || !needs_comments { 1.0 } else { 0.4 };
    let functions = if reading.lacks_function() { 0.5 } else { 1.0 };

    let measured = 0.2 * short + 0.2 * flat + 0.1 * narrow + 0.3 * naming + 0.2 * commented;
    // What was not measured counts neither way.
    let clear = if syntax.is_parsed() { measured } else { 0.45 + 0.1 * narrow };
    let enough = if syntax.is_parsed() { 0.5 + 0.5 * ramp(syntax.kinds.len() as f64, 8.0, 40.0) } else { 1.0 };
    let sentence = format!(
        "{} of {} names are longer than two letters; {} level{} of nesting; longest function {} line{}.",
        telling,
        names.len(),
        syntax.nesting,
        if syntax.nesting == 1 { "" } else { "s" },
        syntax.longest_function,
        if syntax.longest_function == 1 { "" } else { "s" },
    );
    let unclear = lines.iter().copied().filter(|line| line.chars().nth(LONG_LINE).is_some());
    Criterion::new(clear * enough * functions * reading.parses * reading.is_code, sentence, quotes(unclear))
}
