//! Edge in: the only place that names actix. Turns requests into calls of flows and their results into answers; decides
//! nothing else.
//!
//! - `listen`: sockets, threads, the end; `connection`: how many connections there may be, and how slow they may be
//! - `table`: every endpoint with its handler; `routes`: the table as routes
//! - `auth`, `admin`: the handlers of the two APIs, and their endpoints
//! - `site`: health, figures, the documents for programs and for people, the admin in the browser
//! - `wire`: what every handler needs: request ids, bodies, clients, limits, answers

mod admin;
mod auth;
mod connection;
mod listen;
mod routes;
mod site;
mod table;
mod wire;

pub(crate) use listen::{Edge, listen, listen_to_watchers};
pub use site::admin::PageFile;
pub(crate) use site::admin::Pages;
