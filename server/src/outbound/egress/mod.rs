//! Everything that leaves for other hosts: hooks' requests, and whatever else the server sends over HTTP. Knows nothing of
//! hooks; what a sender may do beyond the rules for all is set by [`Rules`].
//!
//! In the order a request goes through them:
//!
//! - `request`: what is sent and what comes back; `headers`: which headers a sender may set
//! - `target`: which URLs may be asked at all; `address`: which addresses may be connected to
//! - `resolve`: names to addresses, each of them checked; `client`: the HTTP library and what is switched off in it
//! - `send`: the one function, with its deadline and its redirects; `redirect`: where an answer leads (WHATWG Fetch)
//! - `body`: the answer, up to what the sender takes; `incoming`: the same, as it arrives

mod address;
#[cfg(test)]
pub(crate) mod attacks;
mod body;
mod client;
mod error;
mod headers;
#[cfg(test)]
mod hostile;
mod incoming;
mod redirect;
mod request;
mod resolve;
mod send;
mod target;
#[cfg(test)]
pub(crate) mod testing;
pub(crate) mod values;

pub use client::choose_tls;
pub(crate) use error::EgressError;
pub(crate) use incoming::Incoming;
pub(crate) use request::{Answer, Following, Outgoing, Overflow, Request, Rules};
pub(crate) use resolve::{Resolver, SystemResolver};
pub(crate) use send::Egress;
