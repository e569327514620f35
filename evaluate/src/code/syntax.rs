//! What a syntax tree tells about code.

use std::collections::BTreeSet;

use tree_sitter::{Node, Tree, TreeCursor};

use super::kinds;
use crate::language::Language;

/// Nodes that are looked at.
const MOST_NODES: usize = 30_000;
/// Characters of a name that are looked at.
const LONGEST_NAME: usize = 60;

/// Facts about a piece of code. Counts are plain counts; lines are counted from 1.
#[derive(Debug, Clone, Default)]
pub struct Syntax {
    pub language: Option<Language>,
    /// Names of the named nodes' kinds in the order of the text.
    pub kinds: Vec<String>,
    pub leaves: usize,
    /// Leaves that the parser could not place, and those it missed.
    pub misplaced: usize,
    pub functions: usize,
    /// Lines of the longest function.
    pub longest_function: usize,
    pub returns: usize,
    pub loops: usize,
    /// Loops inside loops; 1 is a plain loop.
    pub loop_depth: usize,
    pub recursion: bool,
    pub branches: usize,
    pub error_handling: usize,
    /// Control statements inside one another.
    pub nesting: usize,
    pub comments: usize,
    /// What is called, constructed or used as a type.
    pub used: Vec<String>,
    pub identifiers: Vec<String>,
    pub literals: Vec<String>,
}

/// What is open around the node that the walk is at, the outermost first. Kept in counts, so that no node asks all that
/// are around it.
#[derive(Default)]
struct Around<'t> {
    nodes: Vec<Opened<'t>>,
    /// Names of the functions.
    functions: Vec<String>,
    loops: usize,
    nesting: usize,
}

/// A node, and what it added to the counts.
struct Opened<'t> {
    kind: &'t str,
    function: bool,
    loops: usize,
    nesting: usize,
}

impl<'t> Around<'t> {
    fn parent(&self) -> &'t str {
        self.nodes.last().map_or("", |node| node.kind)
    }

    fn open(&mut self, node: Node<'t>, source: &str) {
        let kind = node.kind();
        let name = kinds::is_function(kind).then(|| name_of(node, source)).flatten();
        let opened = Opened {
            kind,
            function: name.is_some(),
            loops: usize::from(kinds::is_loop(kind)),
            nesting: self.nests(kind),
        };
        self.functions.extend(name);
        self.loops += opened.loops;
        self.nesting += opened.nesting;
        self.nodes.push(opened);
    }

    fn close(&mut self) {
        let Some(node) = self.nodes.pop() else { return };
        if node.function {
            self.functions.pop();
        }
        self.loops -= node.loops;
        self.nesting -= node.nesting;
    }

    /// What a node of this kind adds to the nesting; `else if` adds nothing.
    fn nests(&self, kind: &str) -> usize {
        let chained =
            kind.starts_with("if_") && (self.parent().starts_with("else") || self.parent().starts_with("if_"));
        usize::from(kinds::nests(kind) && !chained)
    }
}

impl Syntax {
    pub fn of(language: Language, tree: &Tree, source: &str) -> Self {
        let mut syntax = Self { language: Some(language), ..Self::default() };
        let mut around = Around::default();
        let mut cursor = tree.walk();
        for _ in 0..MOST_NODES {
            let node = cursor.node();
            syntax.take(node, &around, source);
            if cursor.goto_first_child() {
                around.open(node, source);
            } else if !go_on(&mut cursor, &mut around) {
                break;
            }
        }
        syntax
    }

    /// Whether a grammar has read it.
    pub fn is_parsed(&self) -> bool {
        self.leaves > 0
    }

    /// The share of the code that does not parse, 0..=1.
    pub fn misplaced_share(&self) -> f64 {
        crate::verdict::share(self.misplaced.min(self.leaves), self.leaves)
    }

    fn take(&mut self, node: Node, around: &Around, source: &str) {
        let kind = node.kind();
        if node.is_missing() {
            self.misplaced += 1;
        }
        if node.child_count() == 0 {
            self.leaves += 1;
            self.misplaced += usize::from(around.parent() == "ERROR" || node.is_error());
        }
        if !node.is_named() {
            return;
        }
        self.kinds.push(kind.to_owned());
        let text = || source.get(node.byte_range()).unwrap_or_default();
        if kinds::is_function(kind) {
            self.functions += 1;
            self.longest_function = self.longest_function.max(node.end_position().row - node.start_position().row + 1);
        }
        if kinds::is_loop(kind) {
            self.loops += 1;
            self.loop_depth = self.loop_depth.max(1 + around.loops);
        }
        self.nesting = self.nesting.max(around.nests(kind) + around.nesting);
        self.branches += usize::from(kinds::is_branch(kind));
        self.returns += usize::from(kinds::is_return(kind) || (kind == "arrow_function" && returns_expression(node)));
        self.error_handling += usize::from(kinds::is_error_handling(kind));
        if kinds::is_call(kind)
            && let Some(callee) = callee(node, source)
        {
            self.loops += usize::from(kinds::is_iteration(callee));
            self.recursion |= around.functions.iter().rev().take(8).any(|function| function == callee);
            self.used.push(callee.to_owned());
        }
        if kind.contains("comment") {
            self.comments += 1;
        } else if kind.contains("type_identifier") || kind.contains("primitive_type") {
            self.used.push(short(text()).to_owned());
        } else if kind.ends_with("identifier") && node.child_count() == 0 {
            self.identifiers.push(short(text()).to_owned());
        } else if kind.contains("string") || kind.contains("char") {
            self.literals.push(short(text()).to_owned());
        }
    }

    /// Names of variables and functions, each once.
    pub fn names(&self) -> BTreeSet<&str> {
        self.identifiers.iter().map(String::as_str).collect()
    }
}

/// To the next node that is no child of this one; false at the end.
fn go_on(cursor: &mut TreeCursor, around: &mut Around) -> bool {
    loop {
        if cursor.goto_next_sibling() {
            return true;
        }
        if !cursor.goto_parent() {
            return false;
        }
        around.close();
    }
}

/// A function's name: in C it hangs below declarators.
fn name_of(node: Node, source: &str) -> Option<String> {
    let mut at = node;
    for _ in 0..6 {
        if let Some(name) = at.child_by_field_name("name") {
            return source.get(name.byte_range()).map(|name| short(name).to_owned());
        }
        let Some(declarator) = at.child_by_field_name("declarator") else { break };
        at = declarator;
    }
    at.kind().ends_with("identifier").then(|| source.get(at.byte_range()).map(|name| short(name).to_owned())).flatten()
}

/// The last part of what is called: `push` of `stack.push(x)`.
fn callee<'a>(node: Node, source: &'a str) -> Option<&'a str> {
    const WHAT: [&str; 5] = ["name", "function", "constructor", "type", "macro"];
    const LAST: [&str; 5] = ["property", "attribute", "field", "name", "function"];
    let mut at = WHAT.iter().find_map(|field| node.child_by_field_name(field)).or_else(|| node.named_child(0))?;
    for _ in 0..4 {
        let Some(last) = LAST.iter().find_map(|field| at.child_by_field_name(field)) else { break };
        at = last;
    }
    let name = short(source.get(at.byte_range())?).trim();
    (!name.is_empty()).then_some(name)
}

fn returns_expression(function: Node) -> bool {
    function.child_by_field_name("body").is_some_and(|body| body.kind() != "statement_block")
}

fn short(text: &str) -> &str {
    &text[..text.floor_char_boundary(LONGEST_NAME)]
}
