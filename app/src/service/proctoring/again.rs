//! A log that is opened again over a connection that stands, since another worker wrote to it: nothing of that is the page's doing.

use super::on::On;
use crate::model::{UnixMillis, ViolationKey};

/// What was asked for over a connection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct AskedHere {
    /// The spot check that was asked for last.
    nonce: Option<u64>,
    /// Violations whose pictures are, and over how many connections they were before.
    pictures: Vec<(ViolationKey, u8)>,
}

impl On {
    pub(super) fn asked_here(&self) -> AskedHere {
        let asked = self.wanted.iter().filter_map(|wanted| Some((wanted.violation, wanted.asked_before()?)));
        AskedHere { nonce: self.asking.here(), pictures: asked.collect() }
    }

    /// Goes on asking from the last checkpoint. What was asked for over this very connection counts as if it had not been.
    /// Whether too often a connection ended while a picture was asked for.
    pub(super) fn go_on_asking(&mut self, here: &AskedHere, now: UnixMillis) -> bool {
        for (violation, before) in &here.pictures {
            let mut all = self.wanted.iter_mut();
            if let Some(wanted) = all.find(|wanted| wanted.violation == *violation) {
                wanted.ask_again(*before);
            }
        }
        self.asking.ask_again(here.nonce, now);
        self.asking.reconnected(now)
    }
}
