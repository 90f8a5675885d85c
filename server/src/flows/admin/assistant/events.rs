//! What a client hears while its question is answered, event by event. Whoever stops listening ends the work.

use serde::Serialize;
use tokio::sync::mpsc;

use crate::{
    assistant::Listener,
    base::error::Result,
    flows::steps::stream::{Piece, Source},
};

/// Events that wait for a slow client; then the model waits, too.
const MAX_WAITING: usize = 64;

/// Where events are told.
#[derive(Clone)]
pub(super) struct Events {
    to: mpsc::Sender<Piece>,
    id: String,
    round: u32,
}

/// Where they are heard.
pub(crate) struct AssistantStream {
    from: mpsc::Receiver<Piece>,
}

/// Both ends.
pub(super) fn events(id: &str) -> (Events, AssistantStream) {
    let (to, from) = mpsc::channel(MAX_WAITING);
    let events = Events {
        to,
        id: id.to_owned(),
        round: 0,
    };
    (events, AssistantStream { from })
}

impl Events {
    /// Tells the client; one that has gone is told nothing.
    pub(super) async fn tell(&self, kind: &str, document: &impl Serialize) -> Result<()> {
        let piece = Piece::new(&self.id, kind, document)?;
        self.to.send(piece).await.ok();
        Ok(())
    }

    /// The next pieces are of this round.
    pub(super) fn in_round(&mut self, round: u32) {
        self.round = round;
    }
}

impl Listener for Events {
    async fn hear(&mut self, delta: String) {
        let text = aerocall_api_types::AssistantText {
            round: self.round,
            delta,
        };
        // A text is always JSON.
        self.tell("text", &text).await.ok();
    }

    async fn gone(&self) {
        self.to.closed().await;
    }
}

impl Source for AssistantStream {
    async fn next(&mut self) -> Result<Option<Vec<Piece>>> {
        Ok(self.from.recv().await.map(|piece| vec![piece]))
    }
}
