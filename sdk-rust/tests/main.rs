//! Hooks of every kind, run as an author's tests run them.

mod hooks;
mod sdk;
