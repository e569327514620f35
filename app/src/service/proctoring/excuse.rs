//! What excuses that a check shows nothing: what the log had said before it was asked for. Whatever a page says afterwards, it may
//! say because it was asked.

use serde::{Deserialize, Serialize};

use super::{
    look::{is_clear, shows_one},
    on::{NEAR_MS, On},
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Excuse {
    /// There is no picture: the page is hidden, or the camera off.
    pub blind: bool,
    /// The picture shows nothing that can be judged.
    pub unclear: bool,
}

impl On {
    /// As far as the log has come by now.
    pub(super) fn excuse(&self) -> Excuse {
        let unclear = self.looks.back().is_some_and(|(newest_ms, newest)| {
            let late = self.looks.iter().filter(|(at_ms, _)| at_ms.saturating_add(NEAR_MS) >= *newest_ms);
            !is_clear(*newest) && late.into_iter().all(|(_, look)| !shows_one(*look))
        });
        Excuse { blind: self.monitor.is_blind(), unclear }
    }
}
