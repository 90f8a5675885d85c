//! Server-Sent Events out of an answer whose bytes arrive in any pieces. The library gets whole lines, each within a limit: it would
//! look at the beginning of a long one again with every byte that comes.

use std::pin::Pin;

use eventsource_stream::{Event, EventStream, EventStreamError, Eventsource as _};
use futures_util::{Stream, StreamExt as _, stream};

use super::ModelFault;
use crate::outbound::egress::{Incoming, Rules};

/// The longest line. A piece of an answer has a few bytes, a whole answer in one event some hundred thousand.
const MAX_LINE_BYTES: usize = 1 << 20;

/// U+FEFF in UTF-8.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Where bytes come from.
pub(super) trait Bytes: Send {
    /// The next ones; `None` at the end.
    fn next(&mut self) -> impl Future<Output = Result<Option<Vec<u8>>, ModelFault>> + Send;
}

impl<R: Rules> Bytes for Incoming<R> {
    async fn next(&mut self) -> Result<Option<Vec<u8>>, ModelFault> {
        Ok(Incoming::next(self).await?)
    }
}

type Lines = Pin<Box<dyn Stream<Item = Result<Vec<u8>, ModelFault>> + Send>>;

/// The events of an answer.
pub(super) struct Events(Pin<Box<EventStream<Lines>>>);

impl Events {
    pub(super) fn of<B: Bytes + 'static>(bytes: B) -> Self {
        let reading = Reading {
            bytes,
            begun: Vec::new(),
            place: Place::Beginning,
            is_over: false,
        };
        let lines: Lines = Box::pin(stream::try_unfold(reading, Reading::lines));
        Self(Box::pin(lines.eventsource()))
    }

    /// The next one; `None` at the end.
    pub(super) async fn next(&mut self) -> Result<Option<Event>, ModelFault> {
        let event = self.0.next().await.transpose();
        event.map_err(|error| match error {
            EventStreamError::Transport(fault) => fault,
            EventStreamError::Utf8(_) => ModelFault::Invalid("an event is not UTF-8".to_owned()),
            EventStreamError::Parser(_) => ModelFault::Invalid("it is no stream of events".to_owned()),
        })
    }
}

struct Reading<B> {
    bytes: B,
    /// Of a line whose end has not come yet.
    begun: Vec<u8>,
    place: Place,
    is_over: bool,
}

/// Where in the answer the next line is.
enum Place {
    Beginning,
    Within,
}

impl<B: Bytes> Reading<B> {
    /// Without a byte order mark at the beginning, which the library cannot read.
    fn without_mark(&mut self, mut lines: Vec<u8>) -> Vec<u8> {
        let is_first = matches!(std::mem::replace(&mut self.place, Place::Within), Place::Beginning);
        if is_first && lines.starts_with(BYTE_ORDER_MARK) {
            lines.drain(..BYTE_ORDER_MARK.len());
        }
        lines
    }

    /// Whole lines, and at the end what is left.
    async fn lines(mut self) -> Result<Option<(Vec<u8>, Self)>, ModelFault> {
        while !self.is_over {
            let Some(bytes) = self.bytes.next().await? else {
                self.is_over = true;
                break;
            };
            let end = bytes.iter().rposition(|byte| *byte == b'\n').map(|at| at + 1);
            let (ended, begun) = bytes.split_at(end.unwrap_or(0));
            if ended.is_empty() {
                self.begun.extend_from_slice(begun);
                if self.begun.len() > MAX_LINE_BYTES {
                    return Err(ModelFault::Invalid(format!(
                        "a line has more than {MAX_LINE_BYTES} bytes"
                    )));
                }
                continue;
            }
            let mut lines = std::mem::replace(&mut self.begun, begun.to_vec());
            lines.extend_from_slice(ended);
            return Ok(Some((self.without_mark(lines), self)));
        }
        match self.begun.is_empty() {
            true => Ok(None),
            false => {
                let lines = std::mem::take(&mut self.begun);
                Ok(Some((self.without_mark(lines), self)))
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Bytes in pieces of a size.
    pub(in super::super) struct Pieces {
        pub(in super::super) bytes: Vec<u8>,
        pub(in super::super) size: usize,
    }

    impl Bytes for Pieces {
        async fn next(&mut self) -> Result<Option<Vec<u8>>, ModelFault> {
            let rest = self.bytes.split_off(self.size.min(self.bytes.len()));
            let piece = std::mem::replace(&mut self.bytes, rest);
            Ok((!piece.is_empty()).then_some(piece))
        }
    }

    async fn data(bytes: &[u8], size: usize) -> Result<Vec<String>, ModelFault> {
        let mut events = Events::of(Pieces {
            bytes: bytes.to_vec(),
            size,
        });
        let mut data = Vec::new();
        while let Some(event) = events.next().await? {
            data.push(event.data);
        }
        Ok(data)
    }

    #[tokio::test]
    async fn events_are_the_same_in_whatever_pieces_they_arrive() {
        let text =
            "\u{feff}: hello\n\nevent: x\ndata: {\"größe\":\"漢🦀\"}\n\ndata: a\r\ndata: b\r\n\r\ndata: [DONE]\n\n";
        let expected = ["{\"größe\":\"漢🦀\"}", "a\nb", "[DONE]"];
        for size in (1..=12).chain([1_000]) {
            assert_eq!(data(text.as_bytes(), size).await.unwrap(), expected, "{size}");
        }
    }

    #[tokio::test]
    async fn what_is_no_stream_of_events_is_a_fault_and_ends() {
        let long = [b"data: ".to_vec(), vec![b'x'; MAX_LINE_BYTES + 1]].concat();
        assert!(matches!(data(&long, 1_000).await, Err(ModelFault::Invalid(_))));
        assert!(matches!(data(b"data: \xff\n\n", 3).await, Err(ModelFault::Invalid(_))));
        assert_eq!(
            data(b"<html>bad gateway</html>", 7).await.unwrap(),
            Vec::<String>::new()
        );
    }
}
