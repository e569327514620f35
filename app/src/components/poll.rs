//! Asking the server again and again while a page is open.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use leptos::{prelude::*, task::spawn_local};

use super::react;
use crate::browser;

const EVERY_MS: u32 = 2000;

/// Whether the part of the page that began some background work is still there.
#[derive(Clone)]
pub struct Alive(Arc<AtomicBool>);

impl Alive {
    /// Alive until the current owner goes.
    #[must_use]
    pub fn new() -> Self {
        let flag = Arc::new(AtomicBool::new(true));
        let cleared = flag.clone();
        on_cleanup(move || cleared.store(false, Ordering::Relaxed));
        Self(flag)
    }

    #[must_use]
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Default for Alive {
    fn default() -> Self {
        Self::new()
    }
}

/// When to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum While {
    /// Waits while the page is hidden, and asks at once when it is seen again.
    Seen,
    /// Goes on in a hidden tab too.
    Open,
}

/// Runs `ask` every two seconds, one after the other, in the browser only.
pub fn poll<F, A>(when: While, ask: F)
where
    F: Fn() -> A + Clone + 'static,
    A: Future<Output = ()> + 'static,
{
    let alive = Alive::new();
    react(move || {
        let (alive, ask) = (alive.clone(), ask.clone());
        spawn_local(async move {
            loop {
                match when {
                    While::Seen => browser::rest(EVERY_MS).await,
                    While::Open => browser::sleep(EVERY_MS).await,
                }
                if !alive.get() {
                    return;
                }
                ask().await;
            }
        });
    });
}
