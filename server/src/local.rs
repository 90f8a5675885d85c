//! What hooks get on the machine of their author: the server's own cache and limits, without a server. Knows no HTTP and
//! no database.

use std::sync::Arc;

use aerocall_runtime::{Limits, RequestedLimits, host::Cache};

use crate::{
    cache,
    config::{Config, ConfigError, ConfigSources},
    hooks, ids,
    sdk::ScopedCache,
};

/// An empty cache of one project and environment, with the bounds of a server that has its default settings.
///
/// # Errors
/// A name that no project or environment can have.
pub fn cache(project: &str, environment: &str) -> Result<Arc<dyn Cache>, String> {
    let slug = |what: &str, name: &str| ids::Slug::parse(name).map_err(|problem| format!("{what} {name:?} {problem}"));
    let scope = ids::Scope {
        project: slug("the project's id", project)?,
        environment: slug("the environment", environment)?,
    };
    let config = default_config().map_err(|error| error.to_string())?;
    let memory = cache::open(None, config.hooks.cache_bytes_per_project).map_err(|error| format!("{error:?}"))?;
    Ok(Arc::new(ScopedCache::new(memory, &scope)))
}

/// The limits that a bundle gets from a server with default settings.
///
/// # Errors
/// None, as long as the defaults that are compiled in can be read.
pub fn limits(bundle: &RequestedLimits) -> Result<Limits, ConfigError> {
    let config = default_config()?;
    Ok(hooks::limits(bundle, &RequestedLimits::default(), &config.hooks))
}

fn default_config() -> Result<Config, ConfigError> {
    Config::load(&ConfigSources::default())
}

/// Whether a hook may have this name.
///
/// # Errors
/// What is wrong with it.
pub fn check_hook_name(name: &str) -> Result<(), String> {
    ids::HookName::parse(name).map(drop)
}
