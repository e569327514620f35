//! Lays reports out for paper, a few at a time: each takes a core for up to a second, and interviews come first.

use std::sync::Arc;

use app::{
    error::{AppError, ErrorKind},
    model::Report,
};
use tokio::{sync::Semaphore, task::JoinError};

use crate::report;

/// Reports laid out at the same time.
const AT_ONCE: usize = 2;

/// Reports that may wait for it. Whoever comes then is asked to come again.
const WAITING: usize = 16;

/// Seconds after which it makes sense to come again.
const AGAIN_S: u32 = 5;

/// What lays out reports.
pub struct Printer {
    /// Those who are laid out and those who wait.
    queue: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// Why a report is not on paper.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    #[error("too many reports are being laid out")]
    Busy,
    #[error(transparent)]
    Paper(#[from] paper::PaperError),
    #[error(transparent)]
    Died(#[from] JoinError),
}

impl Default for Printer {
    fn default() -> Self {
        Self { queue: Arc::new(Semaphore::new(AT_ONCE + WAITING)), places: Arc::new(Semaphore::new(AT_ONCE)) }
    }
}

impl Printer {
    /// The report as a PDF.
    ///
    /// # Errors
    /// `Busy` when too many wait already; others are a fault of ours.
    pub async fn print(&self, report: Report) -> Result<Vec<u8>, PrintError> {
        let id = report.session_id;
        let printed = self.in_turn(move || report::pdf(&report)).await.and_then(|printed| Ok(printed?));
        if let Err(error @ (PrintError::Paper(_) | PrintError::Died(_))) = &printed {
            tracing::error!(session.id = %id, %error, "a report could not be laid out");
        }
        printed
    }

    async fn in_turn<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PrintError> {
        let waiting = self.queue.clone().try_acquire_owned().map_err(|_| PrintError::Busy)?;
        // Nobody closes it.
        let place = self.places.clone().acquire_owned().await.map_err(|_| PrintError::Busy)?;
        // The permits go with the work, so that one whose caller went away counts until it is done.
        let work = move || {
            let _permits = (waiting, place);
            work()
        };
        Ok(tokio::task::spawn_blocking(work).await?)
    }
}

impl From<PrintError> for AppError {
    fn from(error: PrintError) -> Self {
        match error {
            PrintError::Busy => Self {
                retry_after_s: Some(AGAIN_S),
                ..Self::new(ErrorKind::Unavailable, "Many reports are being put on paper. Ask again in a few seconds.")
            },
            PrintError::Paper(_) | PrintError::Died(_) => Self::internal(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn only_so_many_reports_wait_and_the_next_is_asked_to_come_again() {
        let printer = Arc::new(Printer::default());
        let (begun, beginnings) = mpsc::channel();
        let (let_through, gate) = mpsc::channel::<()>();
        let gate = Arc::new(std::sync::Mutex::new(gate));
        let under_way: Vec<_> = (0..AT_ONCE + WAITING)
            .map(|_| {
                let (printer, begun, gate) = (printer.clone(), begun.clone(), gate.clone());
                tokio::spawn(async move {
                    let work = move || {
                        begun.send(()).unwrap();
                        gate.lock().unwrap().recv().unwrap();
                    };
                    printer.in_turn(work).await
                })
            })
            .collect();
        while printer.queue.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let refused: AppError = printer.in_turn(|| ()).await.unwrap_err().into();
        assert_eq!((refused.status(), refused.retry_after_s), (503, Some(AGAIN_S)));
        for _ in 0..AT_ONCE + WAITING {
            let_through.send(()).unwrap();
        }
        for one in under_way {
            one.await.unwrap().unwrap();
        }
        assert_eq!(beginnings.try_iter().count(), AT_ONCE + WAITING);
        printer.in_turn(|| ()).await.unwrap();
    }
}
