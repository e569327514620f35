//! How much is read of a connection whose peer nobody knows yet.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// What may still be read of one connection, in bytes. Handlers find it among a request's extensions.
#[derive(Clone)]
pub struct Intake(Arc<AtomicUsize>);

/// As much as comes.
const FREE: usize = usize::MAX;

/// What is read at once where there is a limit, in bytes.
const PART: usize = 512;

impl Default for Intake {
    fn default() -> Self {
        Self(Arc::new(AtomicUsize::new(FREE)))
    }
}

impl Intake {
    /// From now on so many bytes. Who sends more before [`Self::lift`] is hung up on.
    pub fn limit(&self, bytes: usize) {
        self.0.store(bytes, Relaxed);
    }

    pub fn lift(&self) {
        self.0.store(FREE, Relaxed);
    }
}

/// A connection that is read as far as its [`Intake`] says.
pub struct Metered<S> {
    stream: S,
    intake: Intake,
}

impl<S> Metered<S> {
    pub fn new(stream: S, intake: Intake) -> Self {
        Self { stream, intake }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Metered<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let left = self.intake.0.load(Relaxed);
        if left == FREE {
            return Pin::new(&mut self.stream).poll_read(cx, buffer);
        }
        if left == 0 {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "too much before it said who it is")));
        }
        let mut part = [0; PART];
        let room = left.min(PART).min(buffer.remaining());
        let mut part = ReadBuf::new(&mut part[..room]);
        let polled = Pin::new(&mut self.stream).poll_read(cx, &mut part);
        buffer.put_slice(part.filled());
        self.intake.0.store(left - part.filled().len(), Relaxed);
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Metered<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn what_is_read_under_a_limit_is_what_was_sent_and_no_more() {
        let sent: Vec<u8> = (0..5_000_u32).map(|at| at as u8).collect();
        let (mut far, near) = tokio::io::duplex(10_000);
        far.write_all(&sent).await.unwrap();
        let intake = Intake::default();
        let mut near = Metered::new(near, intake.clone());
        let mut read = vec![0; 5_000];
        near.read_exact(&mut read[..10]).await.unwrap();
        intake.limit(2_000);
        near.read_exact(&mut read[10..2_010]).await.unwrap();
        assert_eq!(near.read(&mut [0]).await.unwrap_err().kind(), io::ErrorKind::InvalidData);
        intake.lift();
        near.read_exact(&mut read[2_010..]).await.unwrap();
        assert_eq!(read, sent);
    }
}
