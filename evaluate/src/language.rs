//! Programming languages.

use std::fmt;

/// A programming language. Each but SQL has a grammar, behind the feature of its name; SQL is compared word by word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    C,
    Cpp,
    Go,
    Java,
    JavaScript,
    Python,
    Rust,
    Sql,
    TypeScript,
}

impl Language {
    pub const ALL: [Self; 9] = [
        Self::Python,
        Self::JavaScript,
        Self::TypeScript,
        Self::Java,
        Self::C,
        Self::Cpp,
        Self::Go,
        Self::Rust,
        Self::Sql,
    ];

    /// The language of a name or usual file ending, in any case: `Python`, `py`, `C++`, `golang`.
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.trim().to_ascii_lowercase().as_str() {
            "c" | "h" => Self::C,
            "c++" | "cpp" | "cc" | "cxx" | "hpp" => Self::Cpp,
            "go" | "golang" => Self::Go,
            "java" => Self::Java,
            "javascript" | "js" | "jsx" | "mjs" => Self::JavaScript,
            "python" | "python3" | "py" => Self::Python,
            "rust" | "rs" => Self::Rust,
            "sql" | "mysql" | "postgres" | "postgresql" | "sqlite" => Self::Sql,
            "typescript" | "ts" => Self::TypeScript,
            _ => return None,
        })
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::C => "C",
            Self::Cpp => "C++",
            Self::Go => "Go",
            Self::Java => "Java",
            Self::JavaScript => "JavaScript",
            Self::Python => "Python",
            Self::Rust => "Rust",
            Self::Sql => "SQL",
            Self::TypeScript => "TypeScript",
        })
    }
}
