//! Components that bring code of their own, through the public interface: what they can reach, what stops them, and that an old
//! one still runs.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop where it is")]

mod crafted;
mod evolution;
mod guest;
mod hostile;
mod refused;
mod replay;
mod wasi;
