//! What a page has of the candidate's: camera, microphone, screen and a way into the room.

use leptos::prelude::*;

use super::{
    state::Interview,
    step::{Screen, screen},
};
use crate::{browser, components::react};

impl Interview {
    /// Gives all of it back when the interview is over or is no more, wherever the candidate is then, and when the current
    /// owner goes.
    pub fn let_go_at_the_end(self) {
        let over = Memo::new(move |_| self.gone.with(Option::is_some) || self.view.with(screen) == Screen::Done);
        react(move || {
            if over.get() {
                let_go();
            }
        });
        on_cleanup(let_go);
    }
}

fn let_go() {
    browser::leave_room();
    browser::close_devices();
    browser::stop_sharing();
    browser::leave_fullscreen();
}
