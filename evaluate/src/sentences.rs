//! Sentences, as people write them into a text field.

use unicode_segmentation::UnicodeSegmentation;

/// Byte ranges of a text's sentences, without the white space around them.
///
/// By Unicode's rules (UAX #29), except that a line's end does not end a sentence that goes on in the next line.
pub fn sentences(text: &str) -> Vec<(usize, usize)> {
    let mut sentences: Vec<(usize, usize)> = Vec::new();
    let mut goes_on = false;
    for (start, segment) in text.split_sentence_bound_indices() {
        let trimmed = segment.trim();
        if trimmed.is_empty() {
            goes_on = false;
            continue;
        }
        let start = start + (segment.len() - segment.trim_start().len());
        let end = start + trimmed.len();
        match sentences.last_mut() {
            Some(last) if goes_on && !starts_an_item(trimmed) => last.1 = end,
            _ => sentences.push((start, end)),
        }
        goes_on = segment.ends_with('\n') && !segment.ends_with("\n\n") && !trimmed.ends_with(['.', '!', '?', ':']);
    }
    sentences
}

/// Whether a line looks like an item of a list or a heading.
pub fn starts_an_item(line: &str) -> bool {
    let line = line.trim_start();
    if line.starts_with(['-', '*', '•', '#', '>']) {
        return true;
    }
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    digits.len() < line.len() && digits.starts_with(['.', ')'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        sentences(text).into_iter().map(|(start, end)| &text[start..end]).collect()
    }

    #[test]
    fn full_stops_end_sentences_and_abbreviations_do_not() {
        assert_eq!(split("It locks, e.g. a mutex. Then it waits!"), ["It locks, e.g. a mutex.", "Then it waits!"]);
    }

    #[test]
    fn wrapped_lines_go_on_and_items_do_not() {
        assert_eq!(split("one that\ngoes on.\n- an item\n- another"), ["one that\ngoes on.", "- an item", "- another"]);
    }
}
