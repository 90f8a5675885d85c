//! What a hook can reach: one trait per WIT interface, implemented by the embedder and bound to one call.
//!
//! No trait takes a project id: an implementation is made for one project, so a guest cannot name another.

mod auth;
mod cache;
mod clock;
mod cost;
mod db;
mod error;
mod http;
mod log;
mod queue;
mod random;
mod secrets;

pub use auth::PasswordRef;
pub use auth::{Auth, EmailBody, Session, UserRef};
pub use cache::Cache;
pub(crate) use clock::{Clock, Started};
pub use cost::{Cost, MAX_ANSWER_BYTES};
pub use db::OpenTransaction;
pub use db::{Db, Rows, Transaction, Value};
pub use error::{ErrorCode, SdkError};
pub use http::{Http, HttpRequest, HttpResponse, Redirect};
pub use queue::{EnqueueOptions, Queue};
pub use secrets::{HmacHash, Secrets};

use std::sync::Arc;

use crate::bindings::aerocall::hooks::types;

/// What an async host function gives back: a trap, a typed error, or the answer.
type Answer<T> = wasmtime::Result<Result<T, types::Error>>;

/// The capabilities of one call. What is `None` answers with the typed error `unavailable`.
#[derive(Clone, Default)]
pub struct Host {
    /// `Aerocall.cache`
    pub cache: Option<Arc<dyn Cache>>,
    /// `Aerocall.db`
    pub db: Option<Arc<dyn Db>>,
    /// `Aerocall.Queue`
    pub queue: Option<Arc<dyn Queue>>,
    /// `Aerocall.auth`
    pub auth: Option<Arc<dyn Auth>>,
    /// `Aerocall.http` and `fetch`
    pub http: Option<Arc<dyn Http>>,
    /// `Aerocall.secrets`
    pub secrets: Option<Arc<dyn Secrets>>,
}

impl std::fmt::Debug for Host {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Host")
            .field("cache", &self.cache.is_some())
            .field("db", &self.db.is_some())
            .field("queue", &self.queue.is_some())
            .field("auth", &self.auth.is_some())
            .field("http", &self.http.is_some())
            .field("secrets", &self.secrets.is_some())
            .finish()
    }
}

// The interface has types and no functions.
impl types::Host for crate::state::CallState {}
