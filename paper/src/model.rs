//! What a report can consist of. The look is decided elsewhere, once for all reports.

/// A report, from its metadata to its last block.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// Shown by viewers in the window's title; not printed by itself.
    pub title: String,
    /// BCP 47, such as `en`.
    pub language: String,
    /// Seconds since 1970 in UTC.
    pub created_at_unix_s: i64,
    /// Printed at the foot of every page, beside "3 of 7". More than four lines are shortened.
    pub footer: String,
    pub blocks: Vec<Block>,
}

impl Document {
    /// An empty document in English.
    pub fn new(title: impl Into<String>, created_at_unix_s: i64) -> Self {
        Self {
            title: title.into(),
            language: "en".to_owned(),
            created_at_unix_s,
            footer: String::new(),
            blocks: Vec::new(),
        }
    }

    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }
}

/// Text may hold line breaks (`\n`) anywhere. Blocks without any text are left out.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// Levels 1 (the report's name), 2 and 3. It stays with the block that follows, and is in the outline.
    Heading {
        level: u8,
        text: String,
    },
    Paragraph(Text),
    /// Something said aside: smaller and grey.
    Muted(Text),
    /// Something that must not be overlooked, beside a bar in the tone's colour.
    Notice {
        tone: Tone,
        text: Text,
    },
    /// Somebody's own words; `source`, which may be empty, says whose and where.
    Quote {
        text: String,
        source: String,
    },
    /// A program, with its spaces and line breaks.
    Code(String),
    Bullets(Vec<Text>),
    /// Names and values, such as "Position" and "Backend engineer".
    Facts(Vec<(String, Text)>),
    Table(Table),
    /// One bar each, such as a score for each question.
    Bars(Vec<Bar>),
    /// A profile over three or more axes; of fewer, bars are drawn.
    Radar(Vec<Axis>),
    Timeline(Timeline),
}

impl Block {
    pub fn heading(level: u8, text: impl Into<String>) -> Self {
        Self::Heading { level, text: text.into() }
    }

    pub fn paragraph(text: impl Into<Text>) -> Self {
        Self::Paragraph(text.into())
    }

    pub fn muted(text: impl Into<Text>) -> Self {
        Self::Muted(text.into())
    }
}

/// Rows under a header, which is repeated on each page that the table goes on to.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Columns without an entry have a weight of 1 and stand at the left.
    pub columns: Vec<Column>,
    pub header: Vec<String>,
    pub rows: Vec<Vec<Text>>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Column {
    /// Its share of the width, in proportion to the other columns' weights.
    pub weight: f32,
    pub align: Align,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Align {
    #[default]
    Left,
    /// For numbers.
    Right,
}

/// A value of 0..=10, or `None` where there is none.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Bar {
    pub label: String,
    pub value: Option<f64>,
    /// Small, below the label; may be empty.
    pub note: String,
}

/// A value of 0..=10.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Axis {
    pub label: String,
    pub value: f64,
}

/// What happened when, in lanes above each other. It is a picture: say in words, in a table, what must be known.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Timeline {
    /// From the left end to the right end, in seconds.
    pub length_s: f64,
    /// Such as "10:02" and "10:31".
    pub start_label: String,
    pub end_label: String,
    pub lanes: Vec<Lane>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lane {
    pub label: String,
    pub spans: Vec<LaneSpan>,
}

/// From when to when, in seconds since the left end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LaneSpan {
    pub start_s: f64,
    pub end_s: f64,
    pub tone: Tone,
}

/// A text of pieces that differ in face or tone.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text(pub Vec<Span>);

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Span {
    pub text: String,
    pub face: Face,
    pub tone: Tone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Face {
    #[default]
    Regular,
    Bold,
    Italic,
    Mono,
}

/// What a colour means. Never the only sign of it: the words say so too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    #[default]
    Plain,
    Muted,
    Accent,
    Good,
    Warn,
    Bad,
}

impl Span {
    pub fn bold(self) -> Self {
        Self { face: Face::Bold, ..self }
    }

    pub fn italic(self) -> Self {
        Self { face: Face::Italic, ..self }
    }

    pub fn mono(self) -> Self {
        Self { face: Face::Mono, ..self }
    }

    pub fn tone(self, tone: Tone) -> Self {
        Self { tone, ..self }
    }
}

impl From<&str> for Span {
    fn from(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }
}

impl From<String> for Span {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl<S: Into<Span>> From<S> for Text {
    fn from(span: S) -> Self {
        Self(vec![span.into()])
    }
}

impl From<Vec<Span>> for Text {
    fn from(spans: Vec<Span>) -> Self {
        Self(spans)
    }
}
