//! Chat completions as OpenAI, llama.cpp, Ollama and vLLM serve them.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Ending, ModelFault, Question,
    answering::{Said, State},
};

/// What an answer ends with.
const LAST: &str = "[DONE]";

/// The URL that is asked.
pub(super) fn url(base: &str) -> String {
    let has_path = base.splitn(4, '/').nth(3).is_some_and(|path| !path.is_empty());
    match has_path {
        true => format!("{base}/chat/completions"),
        false => format!("{base}/v1/chat/completions"),
    }
}

/// The body of the request.
pub(super) fn body(base: &str, model: &str, question: &Question) -> Value {
    let system = json!({ "role": "system", "content": question.instructions });
    let turns = question.alternating();
    let turn = turns
        .iter()
        .map(|turn| json!({ "role": turn.speaker.role(), "content": turn.text }));
    let mut body = json!({
        "model": model,
        "messages": std::iter::once(system).chain(turn).collect::<Vec<_>>(),
        "stream": true,
        "stream_options": { "include_usage": true },
    });
    // OpenAI's own reasoning models refuse the one, servers of local models do not know the other.
    let limit = match base.starts_with("https://api.openai.com") {
        true => "max_completion_tokens",
        false => "max_tokens",
    };
    body[limit] = question.output_tokens.into();
    body
}

#[derive(Deserialize)]
struct Chunk {
    #[serde(default)]
    model: Option<String>,
    #[serde(default)]
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
    #[serde(default)]
    error: Option<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default)]
    index: u32,
    #[serde(default)]
    delta: Delta,
    #[serde(default)]
    finish_reason: Option<String>,
}

/// Reasoning, which some servers send beside the answer, and calls of tools are left out.
#[derive(Default, Deserialize)]
struct Delta {
    #[serde(default)]
    content: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
}

#[derive(Deserialize)]
struct Usage {
    #[serde(default)]
    prompt_tokens: Option<u64>,
    #[serde(default)]
    completion_tokens: Option<u64>,
}

/// What an event adds to the answer.
pub(super) fn read(state: &mut State, data: &str) -> Result<Said, ModelFault> {
    if data.trim() == LAST {
        return Ok(Said::Last);
    }
    let chunk: Chunk =
        serde_json::from_str(data).map_err(|error| ModelFault::Invalid(format!("an event is no chunk: {error}")))?;
    if let Some(error) = chunk.error {
        let kind = error["type"].as_str().or(error["code"].as_str()).unwrap_or_default();
        let said = error["message"].as_str().or(error.as_str()).unwrap_or("an error");
        return Err(ModelFault::of_event(kind, state.shown(said)));
    }
    if let Some(model) = chunk.model {
        state.named(&model);
    }
    if let Some(usage) = chunk.usage {
        state.tokens.input = usage.prompt_tokens.or(state.tokens.input);
        state.tokens.output = usage.completion_tokens.or(state.tokens.output);
    }
    let mut text = String::new();
    for choice in chunk.choices.into_iter().filter(|choice| choice.index == 0) {
        text.push_str(choice.delta.content.as_deref().unwrap_or_default());
        if let Some(refusal) = choice.delta.refusal.filter(|refusal| !refusal.is_empty()) {
            return Err(ModelFault::Refused(state.shown(&refusal)));
        }
        match choice.finish_reason.as_deref() {
            None | Some("") => {}
            Some("length") => state.ending = Some(Ending::TokensUsedUp),
            Some("content_filter") => {
                return Err(ModelFault::Refused(
                    "the provider's filter stopped the answer".to_owned(),
                ));
            }
            Some(_) => state.ending = Some(Ending::Complete),
        }
    }
    Ok(Said::Text(text))
}

#[cfg(test)]
mod tests {
    use super::url;

    #[test]
    fn a_base_with_and_without_a_path() {
        assert_eq!(url("http://h:1/v1"), "http://h:1/v1/chat/completions");
        assert_eq!(url("http://h:1"), "http://h:1/v1/chat/completions");
        assert_eq!(url("https://h/openai/v1"), "https://h/openai/v1/chat/completions");
    }
}
