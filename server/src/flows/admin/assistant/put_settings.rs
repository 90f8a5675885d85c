//! `PUT …/settings/assistant`

use aerocall_api_types::{AssistantPrices, AssistantProvider, AssistantSettings, Permission, SummarySource};
use serde_json::{Value, json};

use super::{SETTINGS, SETTINGS_EXAMPLE};
use crate::{
    app::App,
    assistant::{StoredModel, StoredSetting},
    base::{
        config::assistant::{
            self, MAX_OUTPUT_TOKENS, MAX_REQUEST_SECONDS, MAX_ROUNDS, MAX_TOKENS_PER_DAY, default_url,
        },
        error::{Refusal, Result},
        input::{Fields, Parsed, Toggle, model_url, text, whole},
    },
    domain::audit::{Action, AuditEntry},
    flows::{
        admin::settings::difference,
        steps::{
            audited::Audited,
            endpoint::{Caller, Endpoint, Field, FieldKind, Flow, Method, ProjectAdmin},
        },
    },
    outbound::models::ModelKey,
};

/// Replaces the settings of the assistant of a project.
pub(crate) struct PutAssistantSettings;

/// What is set.
pub(crate) struct Input {
    setting: StoredSetting,
    key: Key,
}

/// What becomes of the key.
enum Key {
    /// As it was, if it still goes to the same server.
    Kept,
    Removed,
    New(ModelKey),
}

const LIMITS: &str = r#"{"type":"object","additionalProperties":false,"properties":{"requestSeconds":{"type":"integer","minimum":1,"maximum":600},"outputTokens":{"type":"integer","minimum":64,"maximum":65536},"rounds":{"type":"integer","minimum":1,"maximum":5},"tokensPerDay":{"type":"integer","minimum":0,"maximum":1000000000}}}"#;
const PRICES: &str = r#"{"type":"object","additionalProperties":false,"properties":{"inputPerMillion":{"type":["number","null"],"minimum":0},"outputPerMillion":{"type":["number","null"],"minimum":0},"currency":{"type":"string","pattern":"^[A-Z]{3}$"}}}"#;

impl Flow for PutAssistantSettings {
    type Who = ProjectAdmin;
    type Input = Input;
    type Output = AssistantSettings;

    const NEEDS: Option<Permission> = Some(Permission::ProjectManage);
    const ENDPOINT: Endpoint = Endpoint::plain(Method::Put, SETTINGS, "Replace the settings of the assistant")
        .about("With `provider` the project has a model of its own. Without it the installation's answers, and the limits here only tighten its own. A `baseUrl` on this machine or in a private network has to be allowed by whoever runs the server (`assistant.allow_private`). The key is sealed and never answered; it goes to the server of `baseUrl` alone.")
        .fields(&[
            Field::optional("enabled", FieldKind::Flag, "`false` turns the assistant off for this project, the installation's, too. Default `true`."),
            Field::optional("provider", FieldKind::OneOf(&["openai", "anthropic"]), "The protocol of the model's server: `openai` (chat completions; also llama.cpp, Ollama and vLLM) or `anthropic` (messages)."),
            Field::optional("baseUrl", FieldKind::Text(500), "Where the model's server is; the provider itself if omitted."),
            Field::optional("model", FieldKind::Text(200), "Name of the model; required with `provider`."),
            Field::nullable("key", FieldKind::Text(1_000), "Key for the model's server. Kept as it is if omitted and `baseUrl` is of the same server; `null` removes it."),
            Field::optional("summaries", FieldKind::OneOf(&["code", "model"]), "Who writes summaries of hooks; as the installation has it if omitted."),
            Field::optional("limits", FieldKind::Json(LIMITS), "Limits of one request and of a day; what is omitted is as the installation has it."),
            Field::optional("prices", FieldKind::Json(PRICES), "Prices of a million tokens, to show costs. Only with `provider`."),
        ])
        .example(r#"{"provider":"openai","baseUrl":"http://127.0.0.1:11434/v1","model":"qwen3-coder","limits":{"tokensPerDay":200000}}"#)
        .answers(200, "The settings that apply now.", SETTINGS_EXAMPLE);

    fn read(fields: &mut Fields, (): &()) -> Option<Input> {
        Some(read(fields))
    }

    async fn run(app: &App, caller: &Caller<ProjectAdmin>, input: Input) -> Result<AssistantSettings> {
        let before = app.assistants.stored(&caller.scope).await?;
        let setting = with_key(input, before.as_ref())?;
        let row = setting.row(&app.master, &caller.scope)?;
        let mut about = difference::between(&before, &setting);
        about["key"] = json!(match (before.and_then(|before| before.key), &setting.key) {
            (None, None) => "none",
            (Some(old), Some(new)) if old == *new => "kept",
            (_, Some(_)) => "set",
            (Some(_), None) => "removed",
        });
        let project = caller.scope.clone();
        let kept = caller.change(app, move |tx, now_ms| {
            tx.put_assistant_setting(&project, &row, now_ms)?;
            Ok(Audited::Changed(
                (),
                AuditEntry::new(Action::SettingPut, "assistant").with(about),
            ))
        });
        kept.await?;
        app.assistants.document(&caller.scope).await
    }
}

fn read(fields: &mut Fields) -> Input {
    let enabled = fields.optional("enabled", Toggle::parse).unwrap_or(Toggle::On);
    let has_provider = fields.has("provider");
    let provider = fields.optional("provider", word);
    let base_url = fields.optional("baseUrl", |value| model_url(&text(value)?));
    let model = fields.optional("model", |value| {
        let model = text(value)?;
        match assistant::is_model(&model) {
            true => Ok(model),
            false => Err("must be the name of a model: 1 to 200 characters on one line".to_owned()),
        }
    });
    let key = match fields.nullable("key", key) {
        None => Key::Kept,
        Some(None) => Key::Removed,
        Some(Some(key)) => Key::New(key),
    };
    if provider.is_some() && model.is_none() {
        fields.missing(&["model"], "with provider, the name of the model is required");
    }
    if !has_provider && (base_url.is_some() || model.is_some() || matches!(key, Key::New(_))) {
        fields.missing(
            &["provider"],
            "baseUrl, model and key are those of a model of the project's own",
        );
    }
    let summaries = fields.optional("summaries", word::<SummarySource>);
    let [request_seconds, output_tokens, rounds, tokens_per_day] = fields.object("limits", |limits| {
        [
            limits.optional("requestSeconds", whole(1, MAX_REQUEST_SECONDS.into())),
            limits.optional("outputTokens", whole(64, MAX_OUTPUT_TOKENS.into())),
            limits.optional("rounds", whole(1, MAX_ROUNDS.into())),
            limits.optional(
                "tokensPerDay",
                whole(0, i64::try_from(MAX_TOKENS_PER_DAY).unwrap_or(i64::MAX)),
            ),
        ]
    });
    let has_prices = fields.has("prices");
    if has_prices && !has_provider {
        fields.problem("prices", "is of a model of the project's own: set provider, too");
    }
    let prices = fields.object("prices", |prices| AssistantPrices {
        input_per_million: prices.optional("inputPerMillion", price),
        output_per_million: prices.optional("outputPerMillion", price),
        currency: prices
            .optional("currency", currency)
            .unwrap_or_else(|| "USD".to_owned()),
    });
    let small = |number: Option<i64>| number.and_then(|number| u32::try_from(number).ok());
    let model = provider
        .zip(model)
        .map(|(provider, model): (AssistantProvider, String)| StoredModel {
            provider,
            base_url: base_url.unwrap_or_else(|| default_url(provider).to_owned()),
            model,
        });
    Input {
        setting: StoredSetting {
            enabled: enabled.is_on(),
            model,
            summaries,
            request_seconds: small(request_seconds),
            output_tokens: small(output_tokens),
            rounds: small(rounds),
            tokens_per_day: tokens_per_day.and_then(|tokens| u64::try_from(tokens).ok()),
            prices: has_prices.then_some(prices),
            key: None,
        },
        key,
    }
}

/// The setting with its key. A key that is kept goes nowhere else: whoever may set the URL could otherwise read it there.
fn with_key(input: Input, before: Option<&StoredSetting>) -> Result<StoredSetting> {
    let Input { setting, key } = input;
    let kept = before.and_then(|before| Some((before.key.clone()?, server(before)?)));
    let key = match (key, kept) {
        (Key::New(key), _) => Some(key),
        (Key::Removed, _) | (Key::Kept, None) => None,
        (Key::Kept, Some((key, known))) => match server(&setting) {
            None => None,
            Some(now) if now == known => Some(key),
            Some(_) => {
                let problem = "is kept for the server that it was set for, and baseUrl leads to another one: send the key again, or null";
                return Err(Refusal::invalid_field("key", problem).into());
            }
        },
    };
    Ok(StoredSetting { key, ..setting })
}

/// Whose server it is: scheme, host and port.
fn server(setting: &StoredSetting) -> Option<url::Origin> {
    let url = url::Url::parse(&setting.model.as_ref()?.base_url).ok()?;
    Some(url.origin())
}

fn word<T: serde::de::DeserializeOwned>(value: Value) -> Parsed<T> {
    serde_json::from_value(value).map_err(|error| format!("is unknown: {error}"))
}

fn key(value: Value) -> Parsed<ModelKey> {
    let key = text(value)?;
    match assistant::is_key(&key) {
        true => Ok(ModelKey::new(key)),
        false => Err("must be 1 to 1,000 visible ASCII characters".to_owned()),
    }
}

fn price(value: Value) -> Parsed<f64> {
    let price = value.as_f64().filter(|price| assistant::is_price(*price));
    price.ok_or_else(|| "must be a price: a number from 0 to 1,000,000".to_owned())
}

fn currency(value: Value) -> Parsed<String> {
    let currency = text(value)?;
    match assistant::is_currency(&currency) {
        true => Ok(currency),
        false => Err("must be three letters, like USD".to_owned()),
    }
}
