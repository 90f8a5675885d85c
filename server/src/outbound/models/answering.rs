//! An answer as it is given: pieces of text, and what is known in the end.

use aerocall_api_types::AssistantProvider;

use super::{Ending, ModelFault, ModelKey, Tokens, anthropic, events::Events, fault, openai};

/// The most characters of the name by which a model calls itself.
const MAX_MODEL_CHARS: usize = 200;

/// An answer under way.
pub(crate) struct Answering {
    events: Events,
    protocol: AssistantProvider,
    state: State,
}

/// What is known of an answer.
#[derive(Default)]
pub(super) struct State {
    pub(super) tokens: Tokens,
    /// How it ended, once it says so.
    pub(super) ending: Option<Ending>,
    model: Option<String>,
    key: Option<ModelKey>,
    is_over: bool,
}

/// What an event is.
pub(super) enum Said {
    /// A piece of the answer, which may be empty.
    Text(String),
    /// The end.
    Last,
}

impl State {
    /// The name by which the model calls itself.
    pub(super) fn named(&mut self, model: &str) {
        if self.model.is_none() {
            let name: String = self.shown(model).chars().take(MAX_MODEL_CHARS).collect();
            self.model = Some(name).filter(|name| !name.is_empty());
        }
    }

    /// What the model's server says, as it may be shown.
    pub(super) fn shown(&self, text: &str) -> String {
        fault::shown(text, self.key.as_ref())
    }
}

impl Answering {
    pub(super) fn new(events: Events, protocol: AssistantProvider, key: Option<ModelKey>) -> Self {
        Self {
            events,
            protocol,
            state: State {
                key,
                ..State::default()
            },
        }
    }

    /// The next piece; `None` after the last.
    ///
    /// # Errors
    /// What comes is no answer, or ends before the model has said that it is complete.
    pub(crate) async fn next(&mut self) -> Result<Option<String>, ModelFault> {
        while !self.state.is_over {
            let Some(event) = self.events.next().await? else {
                self.state.is_over = true;
                break;
            };
            let said = match self.protocol {
                AssistantProvider::Openai => openai::read(&mut self.state, &event.data)?,
                AssistantProvider::Anthropic => anthropic::read(&mut self.state, &event.data)?,
            };
            match said {
                Said::Text(text) if text.is_empty() => {}
                Said::Text(text) => return Ok(Some(text)),
                Said::Last => {
                    self.state.is_over = true;
                    self.state.ending.get_or_insert(Ending::Complete);
                }
            }
        }
        match self.state.ending {
            Some(_) => Ok(None),
            None => Err(ModelFault::Invalid(
                "the stream ended before the answer was complete".to_owned(),
            )),
        }
    }

    /// What it cost, as far as that is known.
    pub(crate) fn tokens(&self) -> Tokens {
        self.state.tokens
    }

    /// How it ended, once it has.
    pub(crate) fn ending(&self) -> Option<Ending> {
        self.state.ending
    }

    /// The name by which the model calls itself.
    pub(crate) fn model(&self) -> Option<&str> {
        self.state.model.as_deref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbound::models::events::tests::Pieces;

    async fn read(protocol: AssistantProvider, text: &str, size: usize) -> (Result<String, ModelFault>, Answering) {
        let bytes = Pieces {
            bytes: text.as_bytes().to_vec(),
            size,
        };
        let mut answering = Answering::new(Events::of(bytes), protocol, None);
        let mut whole = String::new();
        loop {
            match answering.next().await {
                Ok(Some(piece)) => whole.push_str(&piece),
                Ok(None) => return (Ok(whole), answering),
                Err(fault) => return (Err(fault), answering),
            }
        }
    }

    const OPENAI: &str = r#"data: {"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Gr"}}]}

data: {"choices":[{"index":0,"delta":{"reasoning_content":"secret thought"}},{"index":1,"delta":{"content":"another"}}]}

data: {"choices":[{"index":0,"delta":{"content":"üß"},"finish_reason":"stop"}]}

data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}

data: [DONE]

"#;

    const ANTHROPIC: &str = r#"event: message_start
data: {"type":"message_start","message":{"model":"m","usage":{"input_tokens":5,"cache_read_input_tokens":2,"output_tokens":1}}}

event: ping
data: {"type":"ping"}

event: content_block_start
data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"secret thought"}}

event: content_block_start
data: {"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}

event: content_block_delta
data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Grüß"}}

event: message_delta
data: {"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"output_tokens":3}}

event: message_stop
data: {"type":"message_stop"}

"#;

    #[tokio::test]
    async fn both_protocols_are_read_in_pieces_of_any_size_without_reasoning() {
        for (protocol, text) in [
            (AssistantProvider::Openai, OPENAI),
            (AssistantProvider::Anthropic, ANTHROPIC),
        ] {
            for size in [1, 2, 3, 7, 64, 100_000] {
                let (answer, answering) = read(protocol, text, size).await;
                assert_eq!(answer.as_deref(), Ok("Grüß"), "{size}");
                assert_eq!(
                    answering.tokens(),
                    Tokens {
                        input: Some(7),
                        output: Some(3)
                    }
                );
                assert_eq!(
                    (answering.model(), answering.ending()),
                    (Some("m"), Some(Ending::Complete))
                );
            }
        }
    }

    #[tokio::test]
    async fn an_answer_that_is_cut_malformed_or_refused_is_a_fault() {
        let cut = OPENAI
            .split("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"üß")
            .next()
            .unwrap();
        let (answer, _) = read(AssistantProvider::Openai, cut, 9).await;
        assert!(matches!(answer, Err(ModelFault::Invalid(said)) if said.contains("before the answer was complete")));
        for (protocol, text, refused) in [
            (AssistantProvider::Openai, "data: {oops\n\n", false),
            (
                AssistantProvider::Openai,
                "data: {\"choices\":[{\"delta\":{\"refusal\":\"I cannot\"}}]}\n\n",
                true,
            ),
            (
                AssistantProvider::Openai,
                "data: {\"choices\":[{\"finish_reason\":\"content_filter\"}]}\n\n",
                true,
            ),
            (
                AssistantProvider::Anthropic,
                "data: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"refusal\"}}\n\n",
                true,
            ),
            (AssistantProvider::Anthropic, "data: 7\n\n", false),
        ] {
            match read(protocol, text, 5).await.0 {
                Err(ModelFault::Refused(_)) => assert!(refused, "{text}"),
                Err(ModelFault::Invalid(_)) => assert!(!refused, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
        let limited =
            "data: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"slow down\"}}\n\n";
        let (answer, _) = read(AssistantProvider::Anthropic, limited, 5).await;
        assert!(matches!(answer, Err(ModelFault::RateLimited { .. })), "{answer:?}");
    }
}
