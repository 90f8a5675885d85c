//! The settings of observability: metrics and traces.

use super::{ConfigError, Network, layers::Layers};

/// `/metrics`.
#[derive(Clone, Debug)]
pub struct MetricsConfig {
    /// Networks that can read it, if there is no token.
    pub networks: Vec<Network>,
    /// The token that is required instead, from any network.
    pub token: Option<SecretText>,
    /// Whether requests are counted by project.
    pub per_project: PerProject,
}

/// Whether requests are counted by project: the metrics then reveal the names of projects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PerProject {
    /// Counted by project.
    Counted,
    /// Not counted by project.
    Left,
}

/// Traces.
#[derive(Clone, Debug)]
pub struct TelemetryConfig {
    /// Endpoint that traces are exported to (OTLP over HTTP).
    pub otlp_endpoint: Option<String>,
}

/// A secret text: never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(String);

impl SecretText {
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(a secret)")
    }
}

pub(super) fn metrics(layers: &Layers) -> Result<MetricsConfig, ConfigError> {
    Ok(MetricsConfig {
        networks: layers.list("metrics.networks", Network::parse)?,
        token: layers.text("metrics.token", token)?,
        per_project: layers.text("metrics.per_project", |text| match text {
            "on" => Ok(PerProject::Counted),
            "off" => Ok(PerProject::Left),
            _ => Err((format!("`{text}` is neither on nor off"), "Write on or off".to_owned())),
        })?,
    })
}

fn token(text: &str) -> Result<Option<SecretText>, (String, String)> {
    match text.len() {
        0 => Ok(None),
        16..=200 => Ok(Some(SecretText(text.to_owned()))),
        // It is not repeated: it may be meant as a secret.
        _ => Err((
            "is too short, or too long".to_owned(),
            "Give 16 to 200 characters, or leave it empty".to_owned(),
        )),
    }
}

pub(super) fn telemetry(layers: &Layers) -> Result<TelemetryConfig, ConfigError> {
    let otlp_endpoint = layers.text("telemetry.otlp_endpoint", |text| match text {
        "" => Ok(None),
        text if text.starts_with("http://") || text.starts_with("https://") => {
            Ok(Some(text.trim_end_matches('/').to_owned()))
        }
        text => Err((
            format!("`{text}` is not a URL"),
            "Write http://127.0.0.1:4318".to_owned(),
        )),
    })?;
    Ok(TelemetryConfig { otlp_endpoint })
}
