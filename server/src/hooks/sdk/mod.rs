//! The SDK as hooks see it: implements the runtime's host traits, each bound to one scope and one call when it is made.
//!
//! `platform` holds the back ends and puts the capabilities of a call together, `effects` holds back what must wait for the
//! outcome, `tables` the session with the project's database; the other files are one per interface of `wit/`.

mod auth;
mod budget;
mod cache;
mod db;
mod effects;
mod http;
mod platform;
mod queue;
mod secrets;
mod simulated;
mod tables;

pub(crate) use auth::ScopedAuth;
pub(crate) use cache::ScopedCache;
pub(crate) use db::ScopedDb;
use effects::Wakes;
pub(crate) use effects::{Effects, Mark, Staged};
pub(crate) use http::ScopedHttp;
pub(crate) use platform::{Binding, Platform};
pub(crate) use queue::ScopedQueue;
pub(crate) use secrets::{CallSecrets, Redactor, ScopedSecrets, check_secret_value, with_secret_names};
pub(crate) use simulated::Simulation;

use aerocall_runtime::host::{ErrorCode, SdkError};

use crate::storage::store::StoreError;

/// The core store did not answer: the hook may try again, and the log knows more.
fn store_fault(error: StoreError) -> SdkError {
    tracing::warn!(
        error = crate::base::error::chain(&error),
        "the store did not answer a hook"
    );
    SdkError {
        retryable: true,
        ..SdkError::new(
            ErrorCode::BackendUnavailable,
            "the server's database is not available right now",
        )
    }
}
