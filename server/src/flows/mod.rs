//! One file per request, each a list of steps. Knows no HTTP.
//!
//! - `auth`: the requests of the auth API
//! - `admin`: the requests of the admin API
//! - `steps`: what several of them share
//!
//! The auth flows have one shape: check input → before-hooks → hash → one transaction {state + outbox} → after-hooks →
//! reply. No hook and no hash runs inside a transaction.

pub(crate) mod admin;
pub(crate) mod auth;
pub(crate) mod steps;
