//! Hooks of every kind, run as an author's tests run them.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test that called it")]

mod hooks;
mod sdk;
