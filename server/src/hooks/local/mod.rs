//! What hooks get on the machine of their author: the server's own capabilities over embedded back ends, without a server.
//! Knows no HTTP and no flows.
//!
//! - [`Sandbox`]: one project's back ends in a temporary directory, for one call or one test
//! - [`Given`]: what is there before the call

mod decision;
mod given;
mod sandbox;

use aerocall_runtime::{Limits, RequestedLimits};

pub use given::{Given, GivenSecret, GivenUser};
pub(crate) use sandbox::migrate;
pub use sandbox::{Document, Sandbox};

use crate::{
    base::{
        config::{Config, ConfigError, ConfigSources},
        ids,
    },
    hooks,
    storage::tenant,
};

/// The limits that a bundle gets from a server with default settings.
///
/// # Errors
/// None, as long as the defaults that are compiled in can be read.
pub fn limits(bundle: &RequestedLimits) -> Result<Limits, ConfigError> {
    let config = Config::load(&ConfigSources::default())?;
    Ok(hooks::limits(bundle, &RequestedLimits::default(), &config.hooks))
}

/// Whether a hook may have this name.
///
/// # Errors
/// What is wrong with it.
pub fn check_hook_name(name: &str) -> Result<(), String> {
    ids::HookName::parse(name).map(drop)
}

/// Whether a migration may have this name.
///
/// # Errors
/// What is wrong with it.
pub fn check_migration_name(name: &str) -> Result<(), String> {
    tenant::check_name(name)
}

/// A text that a hook sent, with the names of secrets in the places of their placeholders: `[secret crm_token]`.
#[must_use]
pub fn with_secret_names(text: &str) -> String {
    hooks::sdk::with_secret_names(text)
}
