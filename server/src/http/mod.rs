//! Edge in: the only place that names actix. Turns requests into calls of flows and their results into answers; decides
//! nothing else.
//!
//! - `listen`: sockets, threads, the end; `table`: every endpoint with its handler; `routes`: the table as routes
//! - `envelope`: request ids and headers of every answer; `answer`: results to answers, errors in their envelope
//! - `client`: who sent it; `body`: what was sent; `frame`: what every request of an admin about an environment goes through
//! - `limits`: whether it may be asked now, and the headers that say so
//! - `auth`, `oauth`, `admin`, `secrets`, `mails`, `health`, `metrics`: the handlers; `admin_api`, `settings_api`, `site`: their
//!   endpoints
//! - `openapi`, `docs`: the table as a document for programs and for people; `examples`: what answers look like

mod account_api;
mod account_examples;
mod admin;
mod admin_api;
mod answer;
mod auth;
mod body;
mod client;
mod docs;
mod envelope;
mod event_api;
mod event_examples;
mod events;
mod examples;
mod frame;
mod health;
mod keys;
mod limits;
mod listen;
mod mails;
mod metrics;
mod oauth;
mod openapi;
mod operations;
mod path;
mod query;
mod routes;
mod secrets;
mod settings_api;
mod site;
mod table;
mod trace;
mod users;
mod webhooks;

pub(crate) use listen::{Edge, listen, listen_to_watchers};
