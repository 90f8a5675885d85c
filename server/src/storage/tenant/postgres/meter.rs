//! A socket that stops after so many bytes. The library reads a message to its end before it shows it, so one huge value
//! would fill our memory before anybody could count it.
//!
//! And a socket that is not forgotten: a backend that is inside a function which looks for no signal goes on with it after
//! we have hung up, for as long as it takes. The other end closes when the backend ends; until then its slot is taken.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    net::TcpStream,
};

use super::super::pool::Taken;

/// What the socket may still bring, and what its backend takes of the pool.
#[derive(Debug)]
pub(super) struct Meter {
    left: AtomicU64,
    taken: Mutex<Option<Taken>>,
}

impl Meter {
    /// No bound: for connections that run our own statements.
    pub(super) fn open() -> Arc<Self> {
        Arc::new(Self {
            left: AtomicU64::new(u64::MAX),
            taken: Mutex::new(None),
        })
    }

    pub(super) fn allow(&self, bytes: u64) {
        self.left.store(bytes, Ordering::Relaxed);
    }

    /// Whether the socket was stopped; it brings nothing any more.
    pub(super) fn is_spent(&self) -> bool {
        self.left.load(Ordering::Relaxed) == 0
    }

    /// Until the backend is gone, or until it takes something else.
    pub(super) fn keep(&self, taken: Taken) {
        *self.taken.lock().unwrap_or_else(PoisonError::into_inner) = Some(taken);
    }
}

/// The socket.
pub(super) struct Metered {
    /// Gone when it is dropped.
    stream: Option<TcpStream>,
    meter: Arc<Meter>,
}

impl Metered {
    pub(super) fn new(stream: TcpStream, meter: Arc<Meter>) -> Self {
        Self {
            stream: Some(stream),
            meter,
        }
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        let closed = || io::Error::from(io::ErrorKind::NotConnected);
        self.stream.as_mut().map(Pin::new).ok_or_else(closed)
    }
}

impl Drop for Metered {
    fn drop(&mut self) {
        if let (Some(stream), Ok(runtime)) = (self.stream.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(hang_up(stream, Arc::clone(&self.meter)));
        }
    }
}

/// Says that nothing more comes, and waits for the other end to close. What it still sends is thrown away.
async fn hang_up(mut stream: TcpStream, meter: Arc<Meter>) {
    // Of a socket that is broken, reading says so, too.
    let _ = stream.shutdown().await;
    let mut thrown_away = [0; 8 << 10];
    while matches!(stream.read(&mut thrown_away).await, Ok(read) if read > 0) {}
    drop(meter);
}

impl AsyncRead for Metered {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.meter.is_spent() {
            return Poll::Ready(Err(io::Error::other("the statement's bytes are used up")));
        }
        let before = buffer.filled().len();
        let read = self.stream()?.poll_read(context, buffer);
        let bytes = (buffer.filled().len() - before) as u64;
        let left = self.meter.left.load(Ordering::Relaxed);
        self.meter.left.store(left.saturating_sub(bytes), Ordering::Relaxed);
        read
    }
}

impl AsyncWrite for Metered {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.stream()?.poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(context)
    }
}
