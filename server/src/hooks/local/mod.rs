//! What hooks get where they are tried, on the machine of their author or on a server: the server's own capabilities over embedded
//! back ends, which nothing else sees. Knows no HTTP and no flows.
//!
//! - [`Sandbox`]: one project's back ends in a temporary directory, for one call or one test; [`Given`]: what is there before
//!   the call
//! - [`Local`]: the same with answers of other hosts as somebody gives them; [`GivenDocument`]: what is given, as it is written
//!   down; [`ContextDocument`]: the context
//! - [`RecordedInvocation`]: an invocation that is run again
//! - [`Report`]: what a call came to; [`Case`]: a call and what must come of it

mod answers;
mod back_ends;
mod case;
mod context;
mod decision;
mod exchanges;
mod expect;
mod given;
mod given_secrets;
mod made_case;
mod redaction;
mod replay;
mod report;
mod sandbox;
mod tally;

use aerocall_runtime::{Limits, RequestedLimits};

pub use back_ends::{GivenDocument, Local};
pub use case::{Case, CaseResult, RecordedInput};
pub use context::ContextDocument;
pub(crate) use exchanges::GivenHosts;
pub use given::{Given, GivenSecret, GivenUser};
pub(crate) use redaction::{Redact, without_people};
pub use replay::{Judged, RecordedInvocation, kind, reason};
pub use report::Report;
pub(crate) use sandbox::migrate;
pub use sandbox::{Document, Sandbox};
pub use tally::{Compared, Tally};

use crate::{
    base::{
        config::{Config, ConfigError, ConfigSources},
        ids,
    },
    hooks,
    storage::tenant,
};

/// Why a hook cannot be tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LocalFault {
    /// What is given cannot be, with its place: `given.rows[0]`.
    Given(String),
    /// This machine does not give what is needed.
    Machine(String),
}

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
