//! The admin API: its endpoints, and the one handler that serves them.

pub(crate) mod api;
mod assistant;
mod handler;
mod preview;
mod serving;
mod stream;
