//! Points in time: in UTC as the server writes the page, in the reader's own zone as soon as the browser takes over.

use leptos::prelude::*;

use super::{react, words};
use crate::{browser, model::UnixMillis};

/// A point in time.
#[component]
pub fn When(at: UnixMillis) -> impl IntoView {
    let shown = RwSignal::new(words::utc(at));
    react(move || {
        if let Some(text) = browser::local_time(at) {
            shown.set(text);
        }
    });
    view! { <time datetime=words::iso(at)>{shown}</time> }.into_any()
}
