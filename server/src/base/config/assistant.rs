//! The settings of the assistant: which model answers where projects have set none, and the limits of all.

use std::time::Duration;

use aerocall_api_types::{AssistantProvider, SummarySource};

use super::{ConfigError, Network, SecretText, layers::Layers};
use crate::base::input::model_url;

/// The assistant.
#[derive(Clone, Debug)]
pub struct AssistantConfig {
    /// The model of projects that set none; without one they have no assistant.
    pub model: Option<ModelConfig>,
    /// Private networks in which models may be.
    pub allow_private: Vec<Network>,
    /// Who writes summaries of hooks.
    pub summaries: SummarySource,
    /// How long one request to a model may take.
    pub request: Duration,
    /// The most tokens of one answer.
    pub output_tokens: u32,
    /// How often a model is asked at most until a proposal is verified.
    pub rounds: u32,
    /// The most tokens of a day for one project.
    pub tokens_per_day: u64,
    /// The most tokens of a day for all projects that use the server's model.
    pub tokens_per_day_of_all: u64,
    /// Requests at the same time in this process.
    pub concurrent: usize,
    /// Requests at the same time of one project.
    pub concurrent_per_project: usize,
    /// Price of a million tokens that are sent.
    pub input_per_million: Option<f64>,
    /// Price of a million tokens that are answered.
    pub output_per_million: Option<f64>,
    /// The currency of the prices.
    pub currency: String,
}

/// A model and where it is.
#[derive(Clone, Debug)]
pub struct ModelConfig {
    /// The protocol.
    pub provider: AssistantProvider,
    /// Without a slash at the end.
    pub base_url: String,
    /// Its name.
    pub model: String,
    /// What the server of the model asks for.
    pub key: Option<SecretText>,
}

/// The most of each limit; what projects set is held against it, too.
pub(crate) const MAX_REQUEST_SECONDS: u32 = 600;
pub(crate) const MAX_OUTPUT_TOKENS: u32 = 65_536;
pub(crate) const MAX_ROUNDS: u32 = 5;
pub(crate) const MAX_TOKENS_PER_DAY: u64 = 1_000_000_000;
/// The most characters of the name of a model.
pub(crate) const MAX_MODEL_CHARS: usize = 200;
/// The most bytes of a key.
pub(crate) const MAX_KEY_BYTES: usize = 1_000;
/// The most of a price.
pub(crate) const MAX_PRICE: f64 = 1_000_000.0;

pub(super) fn assistant(layers: &Layers) -> Result<AssistantConfig, ConfigError> {
    Ok(AssistantConfig {
        model: model(layers)?,
        allow_private: layers.list("assistant.allow_private", Network::parse)?,
        summaries: layers.text("assistant.summaries", |text| match text {
            "code" => Ok(SummarySource::Code),
            "model" => Ok(SummarySource::Model),
            _ => Err((
                format!("`{text}` is neither code nor model"),
                "Write code or model".to_owned(),
            )),
        })?,
        request: Duration::from_secs(layers.number("assistant.request_seconds", 1..=MAX_REQUEST_SECONDS.into())?),
        output_tokens: layers.number("assistant.output_tokens", 64..=MAX_OUTPUT_TOKENS.into())?,
        rounds: layers.number("assistant.rounds", 1..=MAX_ROUNDS.into())?,
        tokens_per_day: layers.number("assistant.tokens_per_day", 0..=tokens())?,
        tokens_per_day_of_all: layers.number("assistant.tokens_per_day_of_all", 0..=tokens())?,
        concurrent: layers.number("assistant.concurrent", 1..=1_000)?,
        concurrent_per_project: layers.number("assistant.concurrent_per_project", 1..=100)?,
        input_per_million: layers.text("assistant.input_per_million", price)?,
        output_per_million: layers.text("assistant.output_per_million", price)?,
        currency: layers.text("assistant.currency", |text| match is_currency(text) {
            true => Ok(text.to_owned()),
            false => Err((
                format!("`{text}` is no currency"),
                "Write three letters, like USD".to_owned(),
            )),
        })?,
    })
}

fn tokens() -> i64 {
    i64::try_from(MAX_TOKENS_PER_DAY).unwrap_or(i64::MAX)
}

fn model(layers: &Layers) -> Result<Option<ModelConfig>, ConfigError> {
    let provider = layers.text("assistant.provider", |text| match text {
        "" => Ok(None),
        "openai" => Ok(Some(AssistantProvider::Openai)),
        "anthropic" => Ok(Some(AssistantProvider::Anthropic)),
        _ => Err((
            format!("`{text}` is unknown"),
            "Write openai (also for llama.cpp, Ollama and vLLM) or anthropic, or leave it empty".to_owned(),
        )),
    })?;
    let Some(provider) = provider else {
        return Ok(None);
    };
    Ok(Some(ModelConfig {
        provider,
        base_url: layers.text("assistant.base_url", |text| {
            let url = match text {
                "" => default_url(provider),
                text => text,
            };
            model_url(url).map_err(|problem| (problem, "Write http://127.0.0.1:11434/v1".to_owned()))
        })?,
        model: layers.text("assistant.model", |text| match is_model(text) {
            true => Ok(text.to_owned()),
            false => Err((
                format!("with assistant.provider, 1 to {MAX_MODEL_CHARS} characters are required"),
                "Write the name by which the model's server knows it".to_owned(),
            )),
        })?,
        key: layers.text("assistant.key", |text| match text {
            "" => Ok(None),
            // It is not repeated: it may be meant as a secret.
            text if is_key(text) => Ok(Some(SecretText::new(text))),
            _ => Err((
                "is too long, or contains blanks or control characters".to_owned(),
                "Give the key as its provider shows it".to_owned(),
            )),
        })?,
    }))
}

/// Where the provider itself is.
pub(crate) fn default_url(provider: AssistantProvider) -> &'static str {
    match provider {
        AssistantProvider::Openai => "https://api.openai.com/v1",
        AssistantProvider::Anthropic => "https://api.anthropic.com",
    }
}

/// Whether a model can have this name.
pub(crate) fn is_model(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= MAX_MODEL_CHARS && !text.contains(char::is_control)
}

/// Whether a key can be this: what a header can carry.
pub(crate) fn is_key(text: &str) -> bool {
    (1..=MAX_KEY_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a currency can be called so.
pub(crate) fn is_currency(text: &str) -> bool {
    text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// Whether something can cost so much.
pub(crate) fn is_price(price: f64) -> bool {
    (0.0..=MAX_PRICE).contains(&price)
}

fn price(text: &str) -> Result<Option<f64>, (String, String)> {
    if text.is_empty() {
        return Ok(None);
    }
    let price = text.parse().ok().filter(|price| is_price(*price));
    price
        .map(Some)
        .ok_or_else(|| (format!("`{text}` is no price"), "Write a number like 2.50".to_owned()))
}
