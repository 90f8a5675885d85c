//! Flows with real hooks, over HTTP: the bundles are built from source, never faked.

mod breaker;
mod chain;
mod decisions;
mod failures;
mod outcomes;
mod switch;
mod tenancy;
mod versions;
