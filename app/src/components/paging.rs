//! The ways between the pages of a list.

use leptos::prelude::*;

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
