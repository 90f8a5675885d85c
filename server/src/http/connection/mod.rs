//! Connections of clients: how many there may be, and how long one may take for what.
//!
//! - `admission`: who may connect; whoever may not is answered all the same, from a small reserve
//! - `stream`: the bytes of a connection, with a deadline for the head of each request and for each answer
//! - `progress`: what a connection is busy with, as the stream and the handlers both see it
//!
//! The body of a request has its deadline where it is read: `wire::body`.

mod admission;
mod progress;
mod stream;

pub(super) use admission::{Admissions, RESERVE};
pub(super) use progress::accompany;
pub(super) use stream::{Connection, Deadlines};
