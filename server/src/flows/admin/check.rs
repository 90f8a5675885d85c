//! What a server would refuse of an upload or of a deployment, asked without one, for `aerocall check`. The checks are those
//! of the endpoints, as far as they need nothing but what is sent.

use aerocall_runtime::Manifest;
use serde_json::Value;

use super::{deployments::Input, hooks::hook_name, migrations, versions};
use crate::{
    base::{
        config::{Config, ConfigError, ConfigSources},
        error::{Error, Problem, Refusal},
        input::Fields,
    },
    hooks::local,
};

/// The settings that a check asks for.
const SETTINGS: [&str; 1] = ["AEROCALL_HTTP_COMPONENT_BODY_BYTES"];

/// What a server would answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Stable, machine readable.
    pub code: String,
    /// What is wrong.
    pub message: String,
    /// Field by field: its name and what is wrong with it.
    pub details: Vec<(String, String)>,
}

/// The checks of a server.
pub struct Checks {
    body_bytes: usize,
}

impl Checks {
    /// Of a server with default settings, but for those of `env` that matter here.
    ///
    /// # Errors
    /// A setting cannot be read.
    pub fn of(env: impl IntoIterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        let env = env.into_iter().filter(|(name, _)| SETTINGS.contains(&name.as_str()));
        let config = Config::load(&ConfigSources {
            env: env.collect(),
            ..ConfigSources::default()
        })?;
        Ok(Self {
            body_bytes: config.http.component_body_bytes,
        })
    }

    /// A bundle that is uploaded under a name, before it is compiled.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn bundle(&self, name: &str, component: &[u8]) -> Result<(), Refused> {
        hook_name(name)?;
        self.body("bundle", component.len())?;
        versions::inspect(component)?;
        Ok(())
    }

    /// A deployment and the bundles that it names, as far as there are any.
    ///
    /// # Errors
    /// Everything for which it is refused.
    pub async fn deployment(&self, sent: &Value, bundles: &[(String, Manifest)]) -> Result<(), Vec<Refused>> {
        self.body("deployment", sent.to_string().len())
            .map_err(|refused| vec![refused])?;
        let mut fields = Fields::new(sent.as_object().cloned().unwrap_or_default());
        let read = Input::read(&mut fields);
        let input = fields.finish(read).map_err(|refusal| vec![Refused::from(refusal)])?;
        let manifests = input.hooks.iter().map(|line| {
            let named = bundles.iter().find(|(name, _)| name == line.name.as_str());
            named.map(|(_, manifest)| manifest)
        });
        let consumers = input.one_consumer_each(manifests).err().map(Refused::from);
        let migrated = local::migrate(input.migrations).await;
        let migrated = migrated.map_err(migrations::refused).err().map(Refused::from);
        let all: Vec<Refused> = consumers.into_iter().chain(migrated).collect();
        match all.is_empty() {
            true => Ok(()),
            false => Err(all),
        }
    }

    /// A server stops reading at its limit; here it is known how much there is.
    fn body(&self, what: &str, bytes: usize) -> Result<(), Refused> {
        if bytes <= self.body_bytes {
            return Ok(());
        }
        Err(Refused {
            message: format!(
                "the {what} has {bytes} bytes, the limit is {} (`http.component_body_bytes` of the server)",
                self.body_bytes
            ),
            details: Vec::new(),
            ..Refusal::body_too_large(self.body_bytes).into()
        })
    }
}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        let detail = |Problem { field, problem }| (field, problem);
        Self {
            code: refusal.code.into_owned(),
            message: refusal.message.into_owned(),
            details: refusal.details.into_iter().map(detail).collect(),
        }
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => Self::from(*refusal),
            unexpected => Self {
                code: "internal_error".to_owned(),
                message: unexpected.described(),
                details: Vec::new(),
            },
        }
    }
}
