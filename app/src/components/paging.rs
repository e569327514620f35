//! The ways between the pages of a list, and the addresses of these pages.

use leptos::prelude::*;
use leptos_router::params::ParamsMap;

/// The page that an address asks for by this word, 0 for the first. A word that makes no sense counts as not given.
pub fn page_of(word: &str) -> u32 {
    word.parse::<u32>().unwrap_or(1).max(1) - 1
}

/// The address of a page (0 for the first) of the list at `path`, with what else is wanted of it: names and words, of which
/// empty ones are left out.
pub fn page_address(path: &str, wanted: &[(&'static str, &str)], page: u32) -> String {
    let mut query = ParamsMap::new();
    for (name, word) in wanted.iter().filter(|(_, word)| !word.is_empty()) {
        query.insert(*name, (*word).to_owned());
    }
    if page > 0 {
        query.insert("page", (page + 1).to_string());
    }
    format!("{path}{}", query.to_query_string())
}

/// How many pages a list of `total` lines has, at least one.
pub fn pages(total: u64, lines: u32) -> u32 {
    u32::try_from(total.div_ceil(u64::from(lines.max(1)))).unwrap_or(u32::MAX).max(1)
}

/// Links to the pages before and after `page` (0 for the first), whose addresses `address` knows. Nothing for one page.
#[component]
pub fn Paging(page: u32, pages: u32, address: impl Fn(u32) -> String) -> impl IntoView {
    let link = |label: &'static str, page: Option<u32>| {
        page.map(|page| {
            view! {
                <a class="btn small" href=address(page)>
                    {label}
                </a>
            }
        })
    };
    (pages > 1).then(|| {
        view! {
            <nav class="row paging" aria-label="Pages">
                {link("Newer", page.checked_sub(1))}
                <small class="num">{format!("Page {} of {pages}", page + 1)}</small>
                {link("Older", (page + 1 < pages).then_some(page + 1))}
            </nav>
        }
    })
}
