//! Sessions for those who watch them, whichever worker changes them.

use std::{collections::HashMap, sync::Arc};

use tokio::sync::watch;

use super::Sessions;
use crate::{
    model::SessionId,
    ports::StoreError,
    service::{ServiceError, news::Latest},
};

/// Sessions whose versions are asked for in one go.
const LOOK_AT: usize = 500;

impl Sessions {
    /// The session now, and whenever it changes, here or at another worker.
    ///
    /// # Errors
    /// `NoSession`, or the store's.
    pub async fn watch(&self, id: SessionId) -> Result<watch::Receiver<Latest>, ServiceError> {
        let _turn = self.turn(id).await?;
        let held = match self.held(id).filter(|_| self.store.is_exclusive()) {
            Some(held) => held,
            None => self.fetch(id).await?,
        };
        Ok(self.news.watch(held.version, held.session.clone()))
    }

    /// To be called every quarter of a second: looks what other workers did to sessions that are watched here.
    ///
    /// # Errors
    /// The store's.
    pub async fn follow(&self) -> Result<(), StoreError> {
        if self.store.is_exclusive() {
            return Ok(());
        }
        let watched = self.news.watched();
        let ids: Vec<_> = watched.keys().copied().collect();
        for some in ids.chunks(LOOK_AT) {
            let versions: HashMap<_, _> = self.store.versions(some).await?.into_iter().collect();
            for id in some {
                match versions.get(id) {
                    None => self.news.gone(*id),
                    Some(version) if *version > watched[id] => {
                        if let Some(stored) = self.store.load(*id).await? {
                            self.news.tell(stored.version, &Arc::new(stored.session));
                        }
                    }
                    Some(_) => {}
                }
            }
        }
        Ok(())
    }

    /// To be called every now and then: drops what this worker holds of sessions that other workers deleted.
    ///
    /// # Errors
    /// The store's.
    pub(in crate::service) async fn drop_deleted(&self) -> Result<(), StoreError> {
        if self.store.is_exclusive() {
            return Ok(());
        }
        let held: Vec<_> = self.cache.iter().map(|(id, _)| id).collect();
        for some in held.chunks(LOOK_AT) {
            let there = self.those_there(some).await?;
            for id in some.iter().filter(|id| !there.contains(id)) {
                self.cache.remove(id);
                self.news.gone(*id);
            }
        }
        Ok(())
    }
}
