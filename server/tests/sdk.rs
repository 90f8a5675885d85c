//! What hooks can reach, tried by real hooks over HTTP.

mod auth;
mod effects;
mod queue;
mod records;
mod services;
