//! The auth API: its endpoints, and the one handler that serves them.

pub(crate) mod api;
pub(crate) mod handler;
mod oauth;
