//! The bytes of a connection. Whoever sends the head of a request, or reads an answer, has so much time for it, however many
//! bytes trickle in or out meanwhile. Knows no HTTP but where heads begin.

use std::{
    future::Future as _,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::rt::net::TcpStream;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep},
};

use super::{
    admission::{Admission, Admissions},
    progress::{Origin, Phase, Progress},
};

/// What a connection from the reserve may take for either.
const IN_RESERVE: Duration = Duration::from_secs(1);

/// How long a client may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    /// For the head of a request, from its first byte on.
    pub(crate) head: Duration,
    /// To read an answer, or a part of a long one.
    pub(crate) answer: Duration,
}

/// A connection of a client.
pub(crate) struct Connection {
    stream: TcpStream,
    progress: Progress,
    admission: Admission,
    deadlines: Deadlines,
    /// The client does not read: what is to be sent has to be gone by then.
    blocked_until: Option<Instant>,
    timer: Pin<Box<Sleep>>,
}

impl Connection {
    /// Lets a connection in, with the address of its client.
    pub(crate) fn admit(
        stream: TcpStream,
        admissions: &Arc<Admissions>,
        deadlines: Deadlines,
    ) -> (Self, Option<SocketAddr>) {
        let peer = stream.peer_addr().ok();
        let admission = admissions.admit(peer.map(|peer| peer.ip()));
        let progress = Progress::new(&admission);
        let connection = Self {
            deadlines: match progress.origin() {
                Origin::Admission => deadlines,
                Origin::Reserve => Deadlines {
                    head: IN_RESERVE,
                    answer: IN_RESERVE,
                },
            },
            timer: Box::pin(sleep(Duration::ZERO)),
            blocked_until: None,
            stream,
            progress,
            admission,
        };
        (connection, peer)
    }

    /// What it is busy with.
    pub(crate) fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// What the client has to have done by when.
    fn deadline(&self) -> Option<Instant> {
        match (self.blocked_until, self.progress.phase()) {
            // As long as it does not read, nobody expects it to send.
            (Some(until), _) => Some(until),
            (None, Phase::Head(since)) => Some(since + self.deadlines.head),
            (None, Phase::Serving | Phase::Between) => None,
        }
    }

    /// An error once the client is late, or another connection needs the place; until then, waits for it.
    fn poll_late(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        if let Admission::Reserve(ended) = &mut self.admission
            && Pin::new(ended).poll(context).is_ready()
        {
            return Poll::Ready(io::ErrorKind::ConnectionAborted.into());
        }
        let Some(deadline) = self.deadline() else {
            return Poll::Pending;
        };
        if self.timer.deadline() != deadline {
            self.timer.as_mut().reset(deadline);
        }
        let late = self.timer.as_mut().poll(context);
        late.map(|()| io::ErrorKind::TimedOut.into())
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(read) => {
                if buffer.filled().len() > before {
                    self.progress.received();
                }
                Poll::Ready(read)
            }
            Poll::Pending => self.poll_late(context).map(Err),
        }
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match Pin::new(&mut self.stream).poll_write(context, bytes) {
            Poll::Ready(written) => Poll::Ready(written),
            Poll::Pending => {
                let until = Instant::now() + self.deadlines.answer;
                self.blocked_until.get_or_insert(until);
                self.poll_late(context).map(Err)
            }
        }
    }

    /// Asked for once all there was to write is written.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.blocked_until = None;
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
