//! The headings as a tree, for the viewer's side bar.

use krilla::{
    destination::XyzDestination,
    geom::Point,
    outline::{Outline, OutlineNode},
};

use crate::{
    blocks::Heading,
    look::{LEFT, TOP},
};

/// `places` are those of `headings`. Without headings, the title leads to the first page.
pub fn outline(title: &str, headings: &[Heading], places: &[(usize, f32)]) -> Outline {
    let mut outline = Outline::new();
    // Entries that may yet get children, from the outermost in.
    let mut open: Vec<(u8, OutlineNode)> = Vec::new();
    for (Heading { level, name }, (page, y)) in headings.iter().zip(places) {
        while open.last().is_some_and(|(other, _)| other >= level) {
            close(&mut open, &mut outline);
        }
        open.push((*level, entry(name, *page, *y)));
    }
    while !open.is_empty() {
        close(&mut open, &mut outline);
    }
    if headings.is_empty() {
        outline.push_child(entry(title, 0, TOP));
    }
    outline
}

fn close(open: &mut Vec<(u8, OutlineNode)>, outline: &mut Outline) {
    if let Some((_, entry)) = open.pop() {
        match open.last_mut() {
            Some((_, parent)) => parent.push_child(entry),
            None => outline.push_child(entry),
        }
    }
}

fn entry(text: &str, page: usize, y: f32) -> OutlineNode {
    OutlineNode::new(text.to_owned(), XyzDestination::new(page, Point::from_xy(LEFT, y)))
}
