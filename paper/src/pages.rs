//! From pieces to pages.

use crate::{
    look::{LEFT, TOP},
    piece::{Drawn, Ground, Piece},
};

#[derive(Default)]
pub struct Pages {
    /// At least one.
    pub pages: Vec<Page>,
    /// Of each heading by its number: page, from 0, and distance from the page's top.
    pub headings: Vec<(usize, f32)>,
}

#[derive(Default)]
pub struct Page {
    pub grounds: Vec<(Ground, f32, f32)>,
    /// Places are those on the page.
    pub drawn: Vec<Drawn>,
}

struct Cursor {
    laid: Pages,
    y: f32,
    bottom: f32,
}

/// Puts the pieces on pages that end at `bottom`.
pub fn paginate(pieces: Vec<Piece>, bottom: f32) -> Pages {
    let mut cursor = Cursor { laid: Pages::default(), y: TOP, bottom };
    cursor.laid.pages.push(Page::default());
    let last = pieces.len().saturating_sub(1);
    let mut together: Vec<Piece> = Vec::new();
    for (index, piece) in pieces.into_iter().enumerate() {
        let goes_on = piece.keep && index < last;
        together.push(piece);
        let height: f32 = together.iter().map(|piece| piece.gap + piece.height).sum();
        // What is too long for a page need not stay together any more.
        if !goes_on || height > bottom - TOP {
            cursor.place(std::mem::take(&mut together), height);
        }
    }
    cursor.laid
}

impl Cursor {
    fn place(&mut self, together: Vec<Piece>, height: f32) {
        let fits_on_one = height <= self.bottom - TOP;
        if fits_on_one && self.y + height > self.bottom {
            self.next_page(&together[0]);
        }
        for piece in together {
            if self.y + piece.gap + piece.height > self.bottom {
                self.next_page(&piece);
            }
            self.put(piece);
        }
    }

    fn is_at_top(&self) -> bool {
        self.y <= TOP
    }

    fn next_page(&mut self, first: &Piece) {
        if self.is_at_top() {
            return;
        }
        self.laid.pages.push(Page::default());
        self.y = TOP;
        if let Some(repeated) = &first.repeat {
            self.put(repeated.as_ref().clone());
        }
    }

    fn put(&mut self, piece: Piece) {
        let top = if self.is_at_top() { self.y } else { self.y + piece.gap };
        let index = self.laid.pages.len() - 1;
        let page = &mut self.laid.pages[index];
        if let Some(ground) = piece.ground {
            match page.grounds.last_mut() {
                Some((last, _, end)) if *last == ground && (*end - top).abs() < 0.01 => *end = top + piece.height,
                _ => page.grounds.push((ground, top, top + piece.height)),
            }
        }
        if let Some(number) = piece.heading {
            self.laid.headings.resize(number + 1, (index, top));
        }
        page.drawn.extend(piece.drawn.into_iter().map(|drawn| Drawn { x: LEFT + drawn.x, y: top + drawn.y, ..drawn }));
        self.y = top + piece.height;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::look::{INK, LINE};

    const BODY: f32 = 100.0;

    /// Of pieces of 30 points each, which of them stay with the next: on which page each stands.
    fn pages(keeps: &[bool]) -> Vec<usize> {
        let pieces = keeps.iter().enumerate().map(|(number, &keep)| {
            let mut piece = Piece { keep, heading: Some(number), ..Piece::new(30.0) };
            piece.rectangle((0.0, 0.0), (1.0, 1.0), 0.0, INK);
            piece
        });
        paginate(pieces.collect(), TOP + BODY).headings.iter().map(|(page, _)| *page).collect()
    }

    #[test]
    fn pieces_follow_each_other_over_pages() {
        assert_eq!(pages(&[false; 7]), [0, 0, 0, 1, 1, 1, 2]);
    }

    #[test]
    fn a_heading_stays_with_what_follows() {
        assert_eq!(pages(&[false, false, true, false]), [0, 0, 1, 1]);
    }

    #[test]
    fn what_is_too_long_to_stay_together_is_divided() {
        assert_eq!(pages(&[true; 8]), [0, 0, 0, 1, 1, 1, 2, 2]);
    }

    #[test]
    fn no_page_is_empty() {
        let laid = paginate(vec![Piece::new(BODY + 10.0), Piece::new(10.0)], TOP + BODY);
        assert_eq!(laid.pages.len(), 2, "what is too high for a page has one");
        assert_eq!(paginate(Vec::new(), TOP + BODY).pages.len(), 1);
    }

    #[test]
    fn grounds_of_neighbours_join() {
        let ground = Ground { x: 0.0, width: 9.0, colour: LINE };
        let pieces = (0..3).map(|_| Piece { ground: Some(ground), ..Piece::new(10.0) });
        assert_eq!(paginate(pieces.collect(), TOP + BODY).pages[0].grounds, [(ground, TOP, TOP + 30.0)]);
    }

    #[test]
    fn a_header_is_repeated_on_the_next_page() {
        let mut header = Piece::new(10.0);
        header.rectangle((0.0, 0.0), (1.0, 1.0), 0.0, INK);
        let row = Piece { repeat: Some(header.into()), ..Piece::new(60.0) };
        let laid = paginate(vec![row.clone(), row], TOP + BODY);
        assert_eq!(laid.pages.iter().map(|page| page.drawn.len()).collect::<Vec<_>>(), [0, 1]);
    }
}
