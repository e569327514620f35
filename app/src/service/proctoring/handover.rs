//! What a worker found about a page while another one went on with its log: no page sends that again.

use proctor::policy::Watch;

use super::{
    chunk::{self, Chunk, Item},
    on::On,
    watcher::Watcher,
};
use crate::{ports::StoreError, service::ServiceError};

/// So often the log is taken up for it at once, while others write it too.
const TRIES: usize = 3;

impl Watcher {
    /// Adds what was found here to the log as others left it. What the page sent is not: it sends that again.
    pub(super) async fn hand_over(&self, lost: Box<On>) {
        for _ in 0..TRIES {
            match self.try_hand_over(&lost).await {
                Ok(()) => return,
                Err(ServiceError::Store(StoreError::Conflict)) => {}
                Err(ServiceError::Store(StoreError::Unavailable(_))) => break,
                Err(error) => {
                    tracing::debug!(session.id = %self.id, %error, "what was found about a page is not kept");
                    return;
                }
            }
        }
        self.proctor.late.push(self.id, lost);
    }

    async fn try_hand_over(&self, lost: &On) -> Result<(), ServiceError> {
        let proctor = &self.proctor;
        let session = proctor.sessions.get(self.id).await?;
        let mut heir = Self::new(proctor.clone(), self.id);
        heir.restore(&session).await?;
        let Some(on) = heir.on.as_mut().filter(|on| on.zero == lost.zero) else { return Ok(()) };
        // It may have been this worker whose word got lost.
        let mut known = Vec::new();
        for number in lost.next_chunk..on.next_chunk {
            if let Some(bytes) = proctor.vault.read(self.id, &chunk::name(number)).await? {
                known.extend(Chunk::decode(&bytes).map_err(StoreError::from)?.items);
            }
        }
        let is_new = |item: &&Item| matches!(item, Item::Found { .. }) && !known.contains(item);
        let found: Vec<_> = lost.items.iter().filter(is_new).cloned().collect();
        let counted = on.asking.join(&lost.asking) | (lost.strangers & !on.strangers != 0);
        on.strangers |= lost.strangers;
        let session = proctor.sessions.get(self.id).await?;
        let is_noted = |key| session.proctoring.as_ref().is_some_and(|kept| kept.violation(key).is_some());
        for (key, still) in lost.pictures.iter().filter(|(key, _)| is_noted(*key)) {
            self.keep_still(*key, lost.zero, still).await?;
        }
        if found.is_empty() && !counted && !on.terminate {
            return Ok(());
        }
        // Both at once: of the time since the last word nothing is known here, whoever reads it.
        let now_ms = proctor.ms_since(on.zero);
        on.watch(now_ms, Watch::Connected);
        on.watch(now_ms, Watch::Lost);
        for item in found {
            if let Item::Found { at_ms, kind, finding } = item {
                heir.find_at(at_ms, kind, finding);
                // Of several findings of a kind each has its own, if any: what just happened began then.
                let picture = lost.pictures.iter().find(|(key, _)| (key.from_ms, key.kind) == (at_ms, kind));
                heir.show(kind, picture.map(|(_, still)| still.clone()));
            }
        }
        heir.save_and_mark().await?;
        Ok(())
    }
}
