//! Lists that are shown page by page, and the addresses of their pages.

use leptos::prelude::*;

use crate::components::{Paging, page_address, page_of, pages};

/// Lines on one page.
pub const LINES: u32 = 50;

/// What an address asks for of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    path: &'static str,
    /// What is looked for; empty: everything.
    pub search: String,
    /// 0 for the first.
    page: u32,
}

impl Place {
    /// From what stands in the address of the list at `path`. A page that makes no sense counts as not given.
    #[must_use]
    pub fn new(path: &'static str, search: &str, page: &str) -> Self {
        Self { path, search: search.trim().to_owned(), page: page_of(page) }
    }

    /// How many lines come before it.
    #[must_use]
    pub fn offset(&self) -> u64 {
        u64::from(self.page) * u64::from(LINES)
    }

    /// The last page of a list of `total` lines, if this one lies beyond it.
    #[must_use]
    pub fn within(&self, total: u64) -> Option<Self> {
        let last = pages(total, LINES) - 1;
        (self.page > last).then(|| Self { page: last, ..self.clone() })
    }

    /// The address that shows it.
    #[must_use]
    pub fn address(&self) -> String {
        page_address(self.path, &[("q", &self.search)], self.page)
    }

    /// The ways to the pages before and after it, if there are any.
    pub(super) fn links(&self, total: u64) -> AnyView {
        let place = self.clone();
        let address = move |page| Self { page, ..place.clone() }.address();
        view! { <Paging page=self.page pages=pages(total, LINES) address=address /> }.into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_back_to_its_page() {
        let place = Place::new("/admin/jobs", " R&D ", "3");
        assert_eq!((place.offset(), place.address().as_str()), (100, "/admin/jobs?q=R%26D&page=3"));
        assert_eq!(Place::new("/admin/jobs", "", "1").address(), "/admin/jobs");
    }

    #[test]
    fn a_page_that_makes_no_sense_is_the_first() {
        for page in ["", "0", "-1", "x", "99999999999"] {
            assert_eq!(Place::new("/admin/jobs", "", page).offset(), 0, "{page}");
        }
    }

    #[test]
    fn beyond_the_last_page_there_is_the_last_one() {
        for (total, page, last) in [(0, "1", None), (0, "2", Some("1")), (100, "2", None), (100, "3", Some("2"))] {
            let place = |page: &str| Place::new("/admin/jobs", "a", page);
            assert_eq!(place(page).within(total), last.map(place), "{page} of {total}");
        }
    }
}
