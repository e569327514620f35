//! Where a phrase stands in a text as words of its own.

/// Whether the text has the phrase, and not as a part of other words or figures: `10/10` is no part of `2024/10/10`, and `C` none
/// of `C++`. What begins or ends with a sign may have anything there.
pub fn has_phrase(text: &str, phrase: &str) -> bool {
    places(text, phrase).next().is_some()
}

/// Where the phrase begins and ends, in bytes.
pub fn places<'a>(text: &'a str, phrase: &'a str) -> impl Iterator<Item = (usize, usize)> + 'a {
    let whole = move |start: usize, end: usize| {
        let before = text[..start].chars().rev();
        !goes_on(phrase.chars(), before) && !goes_on(phrase.chars().rev(), text[end..].chars())
    };
    let places = text.match_indices(phrase).map(|(start, found)| (start, start + found.len()));
    places.filter(move |(start, end)| *start < *end && whole(*start, *end))
}

/// Whether a word of the phrase goes on beyond its border. Both are read away from each other.
fn goes_on(mut inside: impl Iterator<Item = char>, mut outside: impl Iterator<Item = char>) -> bool {
    let (Some(last), Some(next)) = (inside.next(), outside.next()) else { return false };
    if !last.is_alphanumeric() {
        return false;
    }
    let joined = matches!(next, '/' | '.' | ',' | ':' | '-');
    next.is_alphanumeric()
        || next == '_'
        || (last.is_alphabetic() && matches!(next, '+' | '#'))
        || (last.is_numeric() && joined && outside.next().is_some_and(char::is_numeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_is_no_part_of_other_words_or_figures() {
        for text in ["10/10", "a 10/10.", "(10/10)", "10/10, so"] {
            assert!(has_phrase(text, "10/10"), "{text}");
        }
        for text in ["2024/10/10", "10/10/2024", "10/100", "110/10", "10/10.5", "1.10/10"] {
            assert!(!has_phrase(text, "10/10"), "{text}");
        }
        assert!(has_phrase("c, c++ and c#", "c") && !has_phrase("c++ and c#", "c") && !has_phrase("func_c", "c"));
        assert!(has_phrase("it is o(n)-ish", "o(n)") && !has_phrase("algo(n)", "o(n)"));
        assert!(has_phrase("i++;", "++") && !has_phrase("anything", ""));
    }
}
