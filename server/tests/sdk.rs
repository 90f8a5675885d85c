//! What hooks can reach, tried by real hooks over HTTP.

mod auth;
mod bodies;
mod constraints;
mod db;
mod effects;
mod events;
mod http;
mod limits;
mod mail;
mod memory;
mod order;
mod priority;
pub(crate) mod queue;
mod records;
mod schedules;
mod services;
