//! The document's structure beside its looks: what screen readers follow, and what makes text reflow.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, ListNumbering, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

/// Whose content something drawn is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TagId(u32);

impl TagId {
    /// Decoration, which belongs to nothing.
    pub const NONE: Self = Self(u32::MAX);
}

/// What a part of the document is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Its level and its text.
    Heading(u8, String),
    Paragraph,
    BlockQuote,
    Code,
    List,
    Item,
    Label,
    Body,
    Table,
    Row,
    HeaderCell,
    Cell,
    /// What it shows, in words.
    Figure(String),
}

#[derive(Default)]
pub struct Tags {
    nodes: Vec<Node>,
    /// Those that are in no other.
    roots: Vec<u32>,
}

struct Node {
    kind: Kind,
    children: Vec<u32>,
    content: Vec<Identifier>,
}

impl Tags {
    /// A part of the document itself.
    pub fn add(&mut self, kind: Kind) -> TagId {
        let id = self.nodes.len() as u32;
        self.nodes.push(Node { kind, children: Vec::new(), content: Vec::new() });
        self.roots.push(id);
        TagId(id)
    }

    /// A part of `parent`.
    pub fn add_in(&mut self, parent: TagId, kind: Kind) -> TagId {
        let id = self.nodes.len() as u32;
        self.nodes.push(Node { kind, children: Vec::new(), content: Vec::new() });
        self.nodes[parent.0 as usize].children.push(id);
        TagId(id)
    }

    /// Something drawn belongs to `id`.
    pub fn drawn(&mut self, id: TagId, content: Identifier) {
        if let Some(node) = self.nodes.get_mut(id.0 as usize) {
            node.content.push(content);
        }
    }

    pub fn tree(&self) -> TagTree {
        let mut tree = TagTree::new();
        for &root in &self.roots {
            tree.push(self.group(root));
        }
        tree
    }

    fn group(&self, id: u32) -> TagGroup {
        let node = &self.nodes[id as usize];
        let mut group = TagGroup::new(node.kind.tag());
        for &content in &node.content {
            group.push(content);
        }
        for &child in &node.children {
            group.push(self.group(child));
        }
        group
    }
}

impl Kind {
    fn tag(&self) -> TagKind {
        match self {
            Self::Heading(level, text) => {
                Tag::Hn(NonZeroU16::new((*level).into()).unwrap_or(NonZeroU16::MIN), Some(text.clone())).into()
            }
            Self::Paragraph => Tag::P.into(),
            Self::BlockQuote => Tag::BlockQuote.into(),
            Self::Code => Tag::Code.into(),
            Self::List => Tag::L(ListNumbering::None).into(),
            Self::Item => Tag::LI.into(),
            Self::Label => Tag::Lbl.into(),
            Self::Body => Tag::LBody.into(),
            Self::Table => Tag::Table.into(),
            Self::Row => Tag::TR.into(),
            Self::HeaderCell => Tag::TH(TableHeaderScope::Column).into(),
            Self::Cell => Tag::TD.into(),
            Self::Figure(words) => Tag::Figure(Some(words.clone())).into(),
        }
    }
}
