//! Edge in: the only place that names actix. Turns requests into calls of flows and their results into answers; decides
//! nothing else.
//!
//! - `listen`: sockets, threads, the end; `routes`: which path is which handler
//! - `envelope`: request ids and headers of every answer; `answer`: results to answers, errors in their envelope
//! - `client`: who sent it; `body`: what was sent
//! - `auth`, `admin`, `users`, `secrets`, `mails`, `health`: the handlers

mod admin;
mod answer;
mod auth;
mod body;
mod client;
mod envelope;
mod health;
mod listen;
mod mails;
mod operations;
mod path;
mod query;
mod routes;
mod secrets;
mod users;

pub(crate) use listen::{Edge, listen};
