//! What people and programs write, made fit for paper: no control characters, no invisible marks that reorder text.

const TAB: usize = 4;
const REPLACEMENT: char = '\u{fffd}';

/// Appends `text` to `into`. Line breaks become `\n`; in code, tabs become spaces up to the next stop.
pub fn clean(into: &mut String, text: &str, code: bool) {
    let mut column = into.chars().rev().take_while(|&c| c != '\n').count();
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '\r' if characters.peek() == Some(&'\n') => continue,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                into.push('\n');
                column = 0;
                continue;
            }
            '\t' if code => {
                let spaces = TAB - column % TAB;
                into.extend(std::iter::repeat_n(' ', spaces));
                column += spaces;
                continue;
            }
            '\t' => into.push(' '),
            c if c.is_control() || is_noncharacter(c) => into.push(REPLACEMENT),
            c if is_invisible(c) => continue,
            c => into.push(c),
        }
        column += 1;
    }
}

/// `text` as a single line, for the metadata and the outline.
pub fn one_line(text: &str) -> String {
    let mut cleaned = String::new();
    clean(&mut cleaned, text, false);
    cleaned.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Marks that say how to order, join or pick glyphs but show nothing. Ordering marks could make code read as something
/// else than it is.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str, code: bool) -> String {
        let mut into = String::new();
        clean(&mut into, text, code);
        into
    }

    #[test]
    fn every_kind_of_line_break_becomes_the_same() {
        assert_eq!(cleaned("a\r\nb\rc\u{2028}d\u{c}e", false), "a\nb\nc\nd\ne");
    }

    #[test]
    fn control_characters_are_shown_as_replacements() {
        assert_eq!(cleaned("a\0b\u{1b}[0m\u{ffff}", false), "a\u{fffd}b\u{fffd}[0m\u{fffd}");
    }

    #[test]
    fn reordering_marks_go() {
        assert_eq!(cleaned("if \u{202e}admin\u{2066} {", true), "if admin {");
    }

    #[test]
    fn tabs_stop_at_columns_in_code() {
        assert_eq!(cleaned("\tx\ty\n\tz", true), "    x   y\n    z");
        assert_eq!(cleaned("a\tb", false), "a b");
    }
}
