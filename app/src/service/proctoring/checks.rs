//! Spot checks as they are kept, and pictures for those who look at them.

use std::collections::{HashSet, VecDeque};

use proctor::observation::Look;
use serde::{Deserialize, Serialize};

use super::{Proctor, still_name};
use crate::{
    model::{SessionId, ViolationKey},
    ports::StoreError,
    service::ServiceError,
};

/// What the names of checks and their pictures begin with.
const CHECKS: &str = "check/";
pub(super) const FRAMES: &str = "frame/";

/// Pictures that are remembered to know one that comes again.
pub(super) const REMEMBERED: usize = 16;

/// A check as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpotCheck {
    /// Milliseconds since the first log began. Also names the picture.
    pub at_ms: u32,
    /// What the page saw. None: it cannot look.
    pub claim: Option<Look>,
    /// What the server saw. None: it had too much to do, or looking failed.
    pub seen: Option<Look>,
    /// Whether it is the person of the reference. None: the faces were not compared, or it cannot be told.
    pub same_person: Option<bool>,
    /// Whether its picture is kept: of very many checks those of the first are. What is stored knows by itself.
    #[serde(skip)]
    pub has_picture: bool,
}

/// At how many checks the server looked, and how many of these showed the person of the reference.
#[must_use]
pub fn counted(checks: &[SpotCheck]) -> (usize, usize) {
    let looked_at = || checks.iter().filter(|check| check.seen.is_some());
    (looked_at().count(), looked_at().filter(|check| check.same_person == Some(true)).count())
}

impl Proctor {
    /// Keeps the picture, if there is room for it, and then the check with what tells the picture apart.
    pub(super) async fn keep_check(
        &self,
        id: SessionId,
        check: &SpotCheck,
        print: &[u8],
        jpeg: Option<&[u8]>,
    ) -> Result<(), ServiceError> {
        let bytes = postcard::to_allocvec(&(check, print)).map_err(|error| StoreError::Failed(error.to_string()))?;
        if let Some(jpeg) = jpeg {
            self.vault.keep(id, &frame_name(check.at_ms), jpeg).await?;
        }
        self.vault.keep(id, &format!("{CHECKS}{:010}", check.at_ms), &bytes).await?;
        Ok(())
    }

    /// What tells the pictures of the last checks apart, the oldest first.
    pub(super) async fn last_prints(&self, id: SessionId) -> Result<VecDeque<Vec<u8>>, ServiceError> {
        let mut prints = VecDeque::new();
        for name in self.vault.names(id, CHECKS).await?.iter().rev().take(REMEMBERED) {
            if let Some(bytes) = self.vault.read(id, name).await?
                && let Ok((_, print)) = postcard::from_bytes::<(SpotCheck, Vec<u8>)>(&bytes)
            {
                prints.push_front(print);
            }
        }
        Ok(prints)
    }

    /// The spot checks of a session, in order.
    ///
    /// # Errors
    /// The store's.
    pub async fn checks(&self, id: SessionId) -> Result<Vec<SpotCheck>, ServiceError> {
        // A picture is there before its check: names are read the other way round.
        let names = self.vault.names(id, CHECKS).await?;
        let pictures: HashSet<_> = self.vault.names(id, FRAMES).await?.into_iter().collect();
        let mut checks = Vec::new();
        for name in names {
            if let Some(bytes) = self.vault.read(id, &name).await?
                && let Ok(check) = postcard::from_bytes::<SpotCheck>(&bytes)
            {
                checks.push(SpotCheck { has_picture: pictures.contains(&frame_name(check.at_ms)), ..check });
            }
        }
        Ok(checks)
    }

    /// The picture of a spot check.
    ///
    /// # Errors
    /// The store's.
    pub async fn check_picture(&self, id: SessionId, at_ms: u32) -> Result<Option<Vec<u8>>, ServiceError> {
        self.vault.read(id, &frame_name(at_ms)).await
    }

    /// A picture of a violation.
    ///
    /// # Errors
    /// The store's.
    pub async fn still(
        &self,
        id: SessionId,
        violation: ViolationKey,
        number: u8,
    ) -> Result<Option<Vec<u8>>, ServiceError> {
        self.vault.read(id, &still_name(violation, number)).await
    }
}

fn frame_name(at_ms: u32) -> String {
    format!("{FRAMES}{at_ms:010}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::tests::proctoring::{ONE, reporting};

    #[test]
    fn a_check_at_which_nobody_looked_counts_for_nothing() {
        let check = |seen, same_person| SpotCheck { at_ms: 1, claim: seen, seen, same_person, has_picture: true };
        let one = Some(Look::Clear { faces: 1, head: None });
        assert_eq!(counted(&[check(one, Some(true)), check(one, None), check(None, None)]), (2, 1));
    }

    #[tokio::test]
    async fn a_check_that_is_kept_while_the_list_is_read_has_its_picture() {
        let (world, worker, mut page) = reporting().await;
        page.shows(&world, ONE, 1).await;
        world.blobs.delay(page.id);
        for expected in [0, 1] {
            let checks = worker.proctor.checks(page.id).await.unwrap();
            assert!(checks.iter().all(|check| check.has_picture), "{checks:?}");
            assert_eq!(checks.len(), expected);
        }
    }

    #[tokio::test]
    async fn a_check_for_whose_picture_there_is_no_room_says_so() {
        let (world, worker, mut page) = reporting().await;
        let id = page.id;
        page.shows(&world, ONE, 1).await;
        if let Some(on) = &mut page.watcher.on {
            while on.budget.take_frame() {}
        }
        page.shows(&world, ONE, 2).await;
        let checks = worker.proctor.checks(id).await.unwrap();
        assert_eq!(checks.iter().map(|check| check.has_picture).collect::<Vec<_>>(), [true, false]);
        for check in checks {
            assert_eq!(worker.proctor.check_picture(id, check.at_ms).await.unwrap().is_some(), check.has_picture);
        }
    }
}
