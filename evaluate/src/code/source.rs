//! What in an answer is code: all of it, or what stands between Markdown's fences.

/// Bytes of code that are parsed; a few hundred lines.
const PARSED: usize = 12_000;

#[derive(Debug, Default, PartialEq)]
pub struct Source {
    pub code: String,
    /// What was said around the code.
    pub prose: String,
    /// The language that a fence names.
    pub named: Option<String>,
    /// Not all of the code is here.
    pub cut: bool,
}

impl Source {
    pub fn of(answer: &str) -> Self {
        let mut source = Self::default();
        let mut inside = false;
        for line in answer.lines() {
            if let Some(name) = line.trim_start().strip_prefix("```") {
                inside = !inside;
                if inside && source.named.is_none() && !name.trim().is_empty() {
                    source.named = Some(name.trim().to_owned());
                }
                continue;
            }
            let part = if inside { &mut source.code } else { &mut source.prose };
            part.push_str(line);
            part.push('\n');
        }
        if source.code.trim().is_empty() {
            source = Self { code: source.prose, prose: String::new(), named: None, cut: false };
        }
        let end = source.code.floor_char_boundary(PARSED);
        source.cut = end < source.code.len();
        source.code.truncate(end);
        source
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_part_code_from_prose() {
        let source = Source::of("It doubles:\n```js\nlet f = x => 2 * x;\n```\nThat's all.");
        assert_eq!(source.code, "let f = x => 2 * x;\n");
        assert_eq!(source.prose, "It doubles:\nThat's all.\n");
        assert_eq!(source.named.as_deref(), Some("js"));
    }

    #[test]
    fn without_fences_all_is_code() {
        assert_eq!(Source::of("x = 1").code, "x = 1\n");
    }
}
