//! The heading of a step. When a step follows another, the keyboard and the screen reader go to it.

use leptos::{html::H1, prelude::*};

use super::react;
use crate::browser;

/// Whether a heading was shown on this page before. The first one leaves the focus alone.
#[derive(Clone, Copy)]
pub struct Arrival(StoredValue<bool>);

impl Arrival {
    /// For a page that has just been loaded.
    #[must_use]
    pub fn new() -> Self {
        Self(StoredValue::new(false))
    }
}

impl Default for Arrival {
    fn default() -> Self {
        Self::new()
    }
}

/// An `<h1>` that takes the focus, unless it is the first one under the [`Arrival`] in context.
#[component]
pub fn Heading(#[prop(optional, into)] class: &'static str, children: Children) -> impl IntoView {
    let node = NodeRef::<H1>::new();
    let arrival = use_context::<Arrival>();
    react(move || {
        let Some(Arrival(seen)) = arrival else { return };
        if seen.get_value() {
            browser::focus(node);
        }
        seen.set_value(true);
    });
    view! {
        <h1 class=class tabindex="-1" node_ref=node>
            {children()}
        </h1>
    }
    .into_any()
}
