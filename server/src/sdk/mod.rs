//! The SDK as hooks see it: implements the runtime's host traits, each bound to one scope when it is made.

mod cache;
mod http;
mod secrets;

pub(crate) use cache::ScopedCache;
pub(crate) use http::ScopedHttp;
pub(crate) use secrets::{CallSecrets, ScopedSecrets};
