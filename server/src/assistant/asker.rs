//! One question to the model of a project, with everything that holds for each: no secret leaves, tokens are counted, what nobody
//! sees and what the model only thinks is taken out of the answer, and whoever stops listening ends it.

use std::{collections::BTreeMap, future::Future, sync::Arc, time::Duration};

use aerocall_api_types::AssistantUsage;

use super::{
    Assistant, Prompt,
    leaks::Leaks,
    meter::{Meter, Used},
    reasoning::WithoutReasoning,
};
use crate::{
    base::{error::Result, input::Visible, shares::Share},
    outbound::models::{Answering, Ending, ModelFault, Models, Question, Tokens, Turn},
};

/// Characters of an answer; a model that goes on does not end.
const MAX_ANSWER_CHARACTERS: usize = 1 << 20;

/// Somebody who may ask.
pub(crate) struct Asker {
    models: Arc<Models>,
    pub(crate) assistant: Assistant,
    meter: Meter,
    leaks: Leaks,
    used: Used,
    _permit: Share,
}

/// Who hears an answer while it is given.
pub(crate) trait Listener: Send + Sync {
    /// The next piece.
    fn hear(&mut self, piece: String) -> impl Future<Output = ()> + Send;

    /// Ends when nobody listens any more.
    fn gone(&self) -> impl Future<Output = ()> + Send;
}

/// Whoever waits for the end.
pub(crate) struct Silent;

impl Listener for Silent {
    async fn hear(&mut self, _: String) {}

    async fn gone(&self) {
        std::future::pending().await
    }
}

/// A whole answer.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    /// Without reasoning, and without what nobody sees.
    pub(crate) text: String,
    /// What was taken out.
    pub(crate) removed: BTreeMap<char, u64>,
    pub(crate) ending: Ending,
    /// As the model calls itself.
    pub(crate) model: Option<String>,
}

impl Asker {
    pub(super) fn new(models: Arc<Models>, assistant: Assistant, meter: Meter, leaks: Leaks, permit: Share) -> Self {
        Self {
            models,
            assistant,
            meter,
            leaks,
            used: Used::default(),
            _permit: permit,
        }
    }

    /// Refuses what must not leave.
    ///
    /// # Errors
    /// `secret_in_prompt`, with the part.
    pub(crate) fn check(&self, prompt: &Prompt) -> Result<()> {
        prompt.check(&self.leaks)
    }

    /// What all questions so far have used.
    pub(crate) fn used(&self) -> Used {
        self.used
    }

    /// The same, as the admin API shows it.
    pub(crate) async fn usage(&self) -> AssistantUsage {
        self.meter.document(self.used).await
    }

    /// Asks. `None`: nobody listens any more.
    ///
    /// # Errors
    /// There is no answer, or there are no tokens for one.
    pub(crate) async fn ask(
        &mut self,
        instructions: &str,
        turns: &[Turn],
        listener: &mut impl Listener,
    ) -> Result<Option<Answered>> {
        for turn in turns {
            self.leaks.check("what was said", &turn.text)?;
        }
        let mut question = Question {
            instructions: instructions.to_owned(),
            turns: turns.to_vec(),
            output_tokens: self.assistant.limits.output_tokens,
            time: Duration::from_secs(self.assistant.limits.request_seconds.into()),
        };
        let reserved = self.meter.reserve(&question).await?;
        question.output_tokens = reserved.output_tokens;
        let mut hearing = Hearing::default();
        let heard = tokio::select! {
            () = listener_gone(listener) => None,
            answering = self.models.ask(&self.assistant.server, &question) => Some(answering),
        };
        let (ended, tokens) = match heard {
            None => (Ok(None), Some(Tokens::default())),
            Some(Err(fault)) => (Err(fault), None),
            Some(Ok(mut answering)) => {
                let ended = hearing.all(&mut answering, listener).await;
                (ended, Some(answering.tokens()))
            }
        };
        let used = self.meter.settle(reserved, tokens, &hearing.text).await;
        self.used.add(used);
        let Some((ending, model)) = ended? else {
            return Ok(None);
        };
        if hearing.text.trim().is_empty() {
            let said = "the answer is empty, or nothing but reasoning".to_owned();
            return Err(ModelFault::Invalid(said).into());
        }
        Ok(Some(Answered {
            text: hearing.text,
            removed: hearing.removed,
            ending,
            model,
        }))
    }
}

async fn listener_gone(listener: &impl Listener) {
    listener.gone().await;
}

/// An answer that is being heard.
#[derive(Default)]
struct Hearing {
    text: String,
    removed: BTreeMap<char, u64>,
    without: WithoutReasoning,
}

impl Hearing {
    /// To the end. `None`: nobody listens any more.
    async fn all(
        &mut self,
        answering: &mut Answering,
        listener: &mut impl Listener,
    ) -> std::result::Result<Option<(Ending, Option<String>)>, ModelFault> {
        loop {
            let piece = tokio::select! {
                () = listener_gone(listener) => return Ok(None),
                piece = answering.next() => piece?,
            };
            let Some(piece) = piece else { break };
            self.take(&piece, listener).await;
            if self.text.len() > 4 * MAX_ANSWER_CHARACTERS {
                return Err(ModelFault::Invalid("the answer does not end".to_owned()));
            }
        }
        let rest = self.without.end();
        self.say(rest, listener).await;
        let ending = answering.ending().unwrap_or(Ending::Complete);
        Ok(Some((ending, answering.model().map(str::to_owned))))
    }

    async fn take(&mut self, piece: &str, listener: &mut impl Listener) {
        let visible = Visible::of(piece);
        for (c, count) in visible.removed {
            *self.removed.entry(c).or_default() += count;
        }
        let said = self.without.read(&visible.text);
        if said.forget {
            self.text.clear();
        }
        self.say(said.text, listener).await;
    }

    async fn say(&mut self, text: String, listener: &mut impl Listener) {
        if !text.is_empty() {
            self.text.push_str(&text);
            listener.hear(text).await;
        }
    }
}
