//! Webhooks: which endpoint gets which events, and how one message leaves (Standard Webhooks 1.0). Knows no worker and no
//! transaction of its own; what is kept is in `store::webhooks` and `store::deliveries`.
//!
//! In the order an event goes through them:
//!
//! - `filter`: which events an endpoint wants; `endpoint`: what an admin says about one
//! - `message`: the body; `secret`: what signs it, sealed; `sign`: the signatures of all secrets that are good
//! - `send`: one attempt and what came back; `schedule`: when the next one is

mod endpoint;
mod filter;
mod message;
mod schedule;
mod secret;
mod send;
mod sign;

pub(crate) use endpoint::{Codes, Definition, Draft, Ordering, Wanted, delivery};
pub(crate) use filter::Filter;
pub(crate) use message::body;
pub(crate) use schedule::next_wait;
pub(crate) use secret::{EndpointSecret, sealed_name};
pub(crate) use send::{Message, Reply, USER_AGENT, post};
