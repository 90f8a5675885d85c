//! The settings of observability: log, metrics and traces.

use super::{ConfigError, Network, layers::Layers};

/// The log of a server or worker.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// The least important lines that are written.
    pub level: LogLevel,
    /// How a line is written.
    pub format: LogFormat,
}

/// How important a line of the log is; each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// Nothing is written.
    Off,
    /// What should not happen.
    Error,
    /// What somebody should look at.
    Warn,
    /// One line per request.
    Info,
    /// Each invocation of a hook, and what it logged.
    Debug,
    /// Everything.
    Trace,
}

/// How a line of the log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object.
    Json,
}

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
    pub(super) fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SecretText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(a secret)")
    }
}

pub(super) fn log(layers: &Layers) -> Result<LogConfig, ConfigError> {
    Ok(LogConfig {
        level: layers.text("log.level", |text| {
            one_of(
                text,
                &[
                    ("off", LogLevel::Off),
                    ("error", LogLevel::Error),
                    ("warn", LogLevel::Warn),
                    ("info", LogLevel::Info),
                    ("debug", LogLevel::Debug),
                    ("trace", LogLevel::Trace),
                ],
            )
        })?,
        format: layers.text("log.format", |text| {
            one_of(text, &[("text", LogFormat::Text), ("json", LogFormat::Json)])
        })?,
    })
}

fn one_of<T: Copy>(text: &str, words: &[(&str, T)]) -> Result<T, (String, String)> {
    let found = words.iter().find(|(word, _)| *word == text);
    let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
    found.map(|(_, value)| *value).ok_or_else(|| {
        (
            format!("`{text}` is unknown"),
            format!("Write one of {}", known.join(", ")),
        )
    })
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
