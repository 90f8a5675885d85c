//! Anthropic's messages.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Ending, ModelFault, Question,
    answering::{Said, State},
};

/// The version of the protocol.
pub(super) const VERSION: &str = "2023-06-01";

/// The URL that is asked.
pub(super) fn url(base: &str) -> String {
    match base.ends_with("/v1") {
        true => format!("{base}/messages"),
        false => format!("{base}/v1/messages"),
    }
}

/// The body of the request.
pub(super) fn body(model: &str, question: &Question) -> Value {
    let turns = question.alternating();
    let turn = turns
        .iter()
        .map(|turn| json!({ "role": turn.speaker.role(), "content": turn.text }));
    json!({
        "model": model,
        "max_tokens": question.output_tokens,
        "system": question.instructions,
        "messages": turn.collect::<Vec<_>>(),
        "stream": true,
    })
}

/// Of an event that this knows nothing of, nothing is read. Reasoning is one of these.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Event {
    MessageStart {
        message: Message,
    },
    ContentBlockStart {
        content_block: Block,
    },
    ContentBlockDelta {
        delta: Delta,
    },
    MessageDelta {
        delta: Ended,
        #[serde(default)]
        usage: Usage,
    },
    MessageStop,
    Error {
        error: Problem,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Message {
    #[serde(default)]
    model: Option<String>,
    #[serde(default)]
    usage: Usage,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Block {
    Text {
        #[serde(default)]
        text: String,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Delta {
    TextDelta {
        text: String,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Ended {
    #[serde(default)]
    stop_reason: Option<String>,
}

#[derive(Default, Deserialize)]
struct Usage {
    #[serde(default)]
    input_tokens: Option<u64>,
    #[serde(default)]
    cache_creation_input_tokens: Option<u64>,
    #[serde(default)]
    cache_read_input_tokens: Option<u64>,
    #[serde(default)]
    output_tokens: Option<u64>,
}

#[derive(Deserialize)]
struct Problem {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    message: String,
}

/// What an event adds to the answer.
pub(super) fn read(state: &mut State, data: &str) -> Result<Said, ModelFault> {
    let event: Event =
        serde_json::from_str(data).map_err(|error| ModelFault::Invalid(format!("an event is unknown: {error}")))?;
    match event {
        Event::MessageStart { message } => {
            if let Some(model) = message.model {
                state.named(&model);
            }
            spent(state, &message.usage);
        }
        Event::ContentBlockStart {
            content_block: Block::Text { text },
        }
        | Event::ContentBlockDelta {
            delta: Delta::TextDelta { text },
        } => return Ok(Said::Text(text)),
        Event::MessageDelta { delta, usage } => {
            spent(state, &usage);
            match delta.stop_reason.as_deref() {
                None => {}
                Some("max_tokens" | "model_context_window_exceeded") => state.ending = Some(Ending::TokensUsedUp),
                Some("refusal") => return Err(ModelFault::Refused("the model declines to answer this".to_owned())),
                Some(_) => state.ending = Some(Ending::Complete),
            }
        }
        Event::MessageStop => return Ok(Said::Last),
        Event::Error { error } => return Err(ModelFault::of_event(&error.kind, state.shown(&error.message))),
        Event::ContentBlockStart { .. } | Event::ContentBlockDelta { .. } | Event::Other => {}
    }
    Ok(Said::Text(String::new()))
}

fn spent(state: &mut State, usage: &Usage) {
    let cached = [usage.cache_creation_input_tokens, usage.cache_read_input_tokens];
    let cached = cached.into_iter().flatten().fold(0_u64, u64::saturating_add);
    if let Some(input) = usage.input_tokens {
        state.tokens.input = Some(input.saturating_add(cached));
    }
    state.tokens.output = usage.output_tokens.or(state.tokens.output);
}
