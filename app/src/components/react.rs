//! Work that follows signals.

use leptos::prelude::*;

/// Runs `f` in the browser once the page is there, and again whenever a signal changes that it read. As
/// [`Effect::new`], but compiled once: each closure given to that costs the browser a good half kilobyte.
pub fn react(f: impl FnMut() + 'static) {
    run(Box::new(f));
}

fn run(f: Box<dyn FnMut()>) {
    Effect::new(f);
}
