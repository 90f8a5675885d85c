//! Why a setting was refused: which, from where, and how to put it right.

/// A setting was refused. Shown to the person who starts the server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("setting `{key}` ({origin}): {problem}. {fix}")]
pub struct ConfigError {
    /// The key as in `config.default.toml`, e.g. `password.queue`.
    pub key: String,
    /// Where the value came from: a file, an environment variable, a flag.
    pub origin: String,
    /// What is wrong with it.
    pub problem: String,
    /// What to do about it.
    pub fix: String,
}
