//! Which model answers in a project: its own, the installation's, or none. What a project stores is read strictly; its key is under
//! the master key and bound to the project.

use aerocall_api_types::{AssistantLimits, AssistantOrigin, AssistantPrices, AssistantProvider, SummarySource};
use aerocall_contract::errors;
use serde::{Deserialize, Serialize};

use crate::{
    base::{
        config::{AssistantConfig, ModelConfig},
        crypto::MasterKey,
        error::{Error, Refusal, Result},
        ids::Slug,
    },
    outbound::models::{ModelKey, ModelServer},
    storage::store::AssistantSettingRow,
};

/// The assistant of a project.
#[derive(Clone, Debug)]
pub(crate) struct Assistant {
    pub(crate) origin: AssistantOrigin,
    pub(crate) server: ModelServer,
    pub(crate) summaries: SummarySource,
    pub(crate) limits: AssistantLimits,
    pub(crate) prices: AssistantPrices,
}

/// Whether a project has one.
#[derive(Clone, Debug)]
pub(crate) enum Choice {
    On(Box<Assistant>),
    /// Whoever turned it off; nobody, if nobody has turned it on.
    Off(Option<AssistantOrigin>),
}

/// What a project has set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StoredSetting {
    pub(crate) enabled: bool,
    /// Its own model; none: the installation's.
    pub(crate) model: Option<StoredModel>,
    pub(crate) summaries: Option<SummarySource>,
    pub(crate) request_seconds: Option<u32>,
    pub(crate) output_tokens: Option<u32>,
    pub(crate) rounds: Option<u32>,
    pub(crate) tokens_per_day: Option<u64>,
    /// Of its own model.
    pub(crate) prices: Option<AssistantPrices>,
    /// Stored beside the rest, sealed.
    #[serde(skip)]
    pub(crate) key: Option<ModelKey>,
}

/// A model that a project has set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct StoredModel {
    pub(crate) provider: AssistantProvider,
    pub(crate) base_url: String,
    pub(crate) model: String,
}

/// What a sealed key is bound to: it opens in no other place.
fn bound_to(project: &Slug) -> String {
    format!("assistant key {project}")
}

impl StoredSetting {
    /// As it is kept.
    pub(crate) fn row(&self, master: &MasterKey, project: &Slug) -> Result<AssistantSettingRow> {
        let document = serde_json::to_string(self)
            .map_err(|error| Error::unexpected("writing settings of the assistant", error))?;
        let sealed = |key: &ModelKey| master.seal(key.reveal().as_bytes(), &bound_to(project));
        Ok(AssistantSettingRow {
            document,
            sealed_key: self.key.as_ref().map(sealed).transpose()?,
        })
    }
}

/// What was kept.
pub(super) fn read(row: &AssistantSettingRow, master: &MasterKey, project: &Slug) -> Result<StoredSetting> {
    let damaged = |problem: String| Error::unexpected("reading settings of the assistant", problem);
    let setting: StoredSetting = serde_json::from_str(&row.document).map_err(|error| damaged(error.to_string()))?;
    let key = match &row.sealed_key {
        Some(sealed) => {
            let opened = master.open(sealed, &bound_to(project))?;
            let key = std::str::from_utf8(&opened).map_err(|_| damaged("the key is no text".to_owned()))?;
            Some(ModelKey::new(key.to_owned()))
        }
        None => None,
    };
    Ok(StoredSetting { key, ..setting })
}

/// What applies. Limits of a project that uses the installation's model only tighten those of the installation.
pub(super) fn choose(config: &AssistantConfig, own: Option<StoredSetting>) -> Choice {
    let defaults = limits(config);
    let Some(own) = own else {
        return match &config.model {
            Some(model) => Choice::On(Box::new(of_installation(config, model))),
            None => Choice::Off(None),
        };
    };
    if !own.enabled {
        return Choice::Off(Some(AssistantOrigin::Project));
    }
    match (own.model, &config.model) {
        (Some(model), _) => Choice::On(Box::new(Assistant {
            origin: AssistantOrigin::Project,
            server: ModelServer {
                provider: model.provider,
                base_url: model.base_url,
                model: model.model,
                key: own.key,
            },
            summaries: own.summaries.unwrap_or(config.summaries),
            limits: AssistantLimits {
                request_seconds: own.request_seconds.unwrap_or(defaults.request_seconds),
                output_tokens: own.output_tokens.unwrap_or(defaults.output_tokens),
                rounds: own.rounds.unwrap_or(defaults.rounds),
                tokens_per_day: own.tokens_per_day.unwrap_or(defaults.tokens_per_day),
            },
            prices: own.prices.unwrap_or_else(|| no_prices(&config.currency)),
        })),
        (None, Some(model)) => {
            let installation = of_installation(config, model);
            let tighter = |own: Option<u32>, most: u32| own.map_or(most, |own| own.min(most));
            Choice::On(Box::new(Assistant {
                summaries: own.summaries.unwrap_or(config.summaries),
                limits: AssistantLimits {
                    request_seconds: tighter(own.request_seconds, defaults.request_seconds),
                    output_tokens: tighter(own.output_tokens, defaults.output_tokens),
                    rounds: tighter(own.rounds, defaults.rounds),
                    tokens_per_day: own
                        .tokens_per_day
                        .map_or(defaults.tokens_per_day, |own| own.min(defaults.tokens_per_day)),
                },
                ..installation
            }))
        }
        (None, None) => Choice::Off(None),
    }
}

impl Choice {
    /// Whose settings apply.
    pub(crate) fn origin(&self) -> Option<AssistantOrigin> {
        match self {
            Self::On(assistant) => Some(assistant.origin),
            Self::Off(origin) => *origin,
        }
    }

    /// What is shown: where it is off, limits as they would be.
    pub(super) fn shown(&self, config: &AssistantConfig) -> Assistant {
        match self {
            Self::On(assistant) => (**assistant).clone(),
            Self::Off(_) => Assistant {
                origin: AssistantOrigin::Installation,
                server: ModelServer {
                    provider: AssistantProvider::Openai,
                    base_url: String::new(),
                    model: String::new(),
                    key: None,
                },
                summaries: config.summaries,
                limits: limits(config),
                prices: no_prices(&config.currency),
            },
        }
    }
}

fn of_installation(config: &AssistantConfig, model: &ModelConfig) -> Assistant {
    Assistant {
        origin: AssistantOrigin::Installation,
        server: ModelServer {
            provider: model.provider,
            base_url: model.base_url.clone(),
            model: model.model.clone(),
            key: model.key.as_ref().map(|key| ModelKey::new(key.reveal().to_owned())),
        },
        summaries: config.summaries,
        limits: limits(config),
        prices: AssistantPrices {
            input_per_million: config.input_per_million,
            output_per_million: config.output_per_million,
            currency: config.currency.clone(),
        },
    }
}

fn limits(config: &AssistantConfig) -> AssistantLimits {
    AssistantLimits {
        request_seconds: u32::try_from(config.request.as_secs()).unwrap_or(u32::MAX),
        output_tokens: config.output_tokens,
        rounds: config.rounds,
        tokens_per_day: config.tokens_per_day,
    }
}

fn no_prices(currency: &str) -> AssistantPrices {
    AssistantPrices {
        input_per_million: None,
        output_per_million: None,
        currency: currency.to_owned(),
    }
}

/// The project has no assistant.
pub(super) fn off() -> Refusal {
    Refusal::new(
        errors::ASSISTANT_OFF,
        "The assistant is off. docs/assistant.md says how to turn it on: with `PUT …/settings/assistant` for a project, or \
         `[assistant]` in the configuration of the server",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::config::{Config, ConfigSources};

    fn config(env: &[(&str, &str)]) -> AssistantConfig {
        let owned = |(name, value): &(&str, &str)| (format!("AEROCALL_ASSISTANT_{name}"), (*value).to_owned());
        let sources = ConfigSources {
            env: env.iter().map(owned).collect(),
            ..ConfigSources::default()
        };
        Config::load(&sources).unwrap().assistant
    }

    fn own(model: Option<&str>) -> StoredSetting {
        StoredSetting {
            enabled: true,
            model: model.map(|base_url| StoredModel {
                provider: AssistantProvider::Anthropic,
                base_url: base_url.to_owned(),
                model: "own".to_owned(),
            }),
            summaries: None,
            request_seconds: Some(600),
            output_tokens: Some(100),
            rounds: None,
            tokens_per_day: Some(7),
            prices: None,
            key: None,
        }
    }

    fn on(choice: Choice) -> Assistant {
        match choice {
            Choice::On(assistant) => *assistant,
            Choice::Off(origin) => panic!("it is off, by {origin:?}"),
        }
    }

    #[test]
    fn the_projects_goes_before_the_installations_and_only_tightens_its_limits() {
        let none = config(&[]);
        assert!(matches!(choose(&none, None), Choice::Off(None)));
        assert!(matches!(choose(&none, Some(own(None))), Choice::Off(None)));
        let given = config(&[("PROVIDER", "openai"), ("MODEL", "m"), ("KEY", "k-1")]);
        let installation = on(choose(&given, None));
        assert_eq!(installation.server.base_url, "https://api.openai.com/v1");
        assert_eq!(installation.limits.tokens_per_day, 500_000);
        assert!(!format!("{installation:?} {given:?}").contains("k-1"));
        let tightened = on(choose(&given, Some(own(None))));
        assert_eq!(tightened.server.model, "m");
        assert_eq!(
            (
                tightened.limits.request_seconds,
                tightened.limits.output_tokens,
                tightened.limits.tokens_per_day
            ),
            (120, 100, 7)
        );
        let its_own = on(choose(&given, Some(own(Some("http://h.example")))));
        assert_eq!((its_own.server.model.as_str(), its_own.server.key), ("own", None));
        assert_eq!(its_own.limits.request_seconds, 600);
        let off = StoredSetting {
            enabled: false,
            ..own(None)
        };
        assert!(matches!(
            choose(&given, Some(off)),
            Choice::Off(Some(AssistantOrigin::Project))
        ));
    }

    #[test]
    fn a_key_is_sealed_and_opens_in_its_project_alone() {
        let master = MasterKey::given(&[7; 32]);
        let (a, b) = (Slug::parse("a").unwrap(), Slug::parse("b").unwrap());
        let setting = StoredSetting {
            key: Some(ModelKey::new("sk-hunter2".to_owned())),
            ..own(Some("http://h.example"))
        };
        let row = setting.row(&master, &a).unwrap();
        assert!(!row.document.contains("hunter2"));
        assert_eq!(read(&row, &master, &a).unwrap(), setting);
        assert!(read(&row, &master, &b).is_err());
    }
}
