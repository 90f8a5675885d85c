//! The contract between hooks and their host: the one place where hook points, events, capabilities, error codes and the
//! shapes of payloads are named. Compiler, runtime, server, CLI, the types of `@aerocall/hooks` and the documents take
//! them from here. Knows no syntax tree, no bundle, no HTTP and no store.
//!
//! - [`HookPoint`]: where hooks run in a request, what they get ([`payloads`]) and what they may change ([`Changes`])
//! - [`EventKind`]: the events that script hooks, webhooks and the event stream get, and the data of each
//! - [`Capability`]: what a hook may use
//! - [`errors`]: the codes that clients and hooks see
//! - [`Input`]: what a hook is called with there, with schemas and samples
//! - [`json`]: what JSON of clients and hooks may be
//! - [`limits!`]: what an invocation may use
//! - [`names`]: whether a name that an author wrote means anything, and what it may have meant
//! - [`sdk_types`]: the types of `@aerocall/hooks` as files
//! - [`shape`]: the fields of payloads and events, as JSON Schema and as TypeScript

mod capabilities;
mod committed;
#[cfg(test)]
mod documents;
pub mod errors;
mod events;
mod inputs;
pub mod json;
mod limits;
pub mod names;
pub mod payloads;
mod points;
pub mod sdk_types;
pub mod shape;

pub use capabilities::{Capability, UnknownCapability};
pub use committed::committed;
pub use events::{EventKind, event_schema};
pub use inputs::{Input, Sample};
pub use names::{NameProblem, ScriptEvent};
pub use points::{Changes, HookPoint, OwnField, Phase, Step, UserFields};
