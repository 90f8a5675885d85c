//! Runs one hook component safely. Knows no server, no HTTP, no database.
//!
//! In the order a bundle meets them:
//!
//! - [`Manifest`]: what a bundle says about itself
//! - `artifact`: bytes → checked → compiled in a child process → cached, authenticated
//! - `engine`: one wasmtime engine per process, its settings and why; `address_space`: what it reserves
//! - [`Runtime`] → [`Hook`]: loaded and ready to be called
//! - [`Limits`], [`Call`]: what goes into a call
//! - [`host`]: what a hook can reach, as traits
//! - [`Invocation`]: what came out

mod address_space;
mod artifact;
mod bindings;
mod call;
mod engine;
pub mod host;
mod invoke;
mod limits;
mod manifest;
mod outcome;
mod record;
mod runtime;
mod shared;
mod sources;
mod state;
mod workshop;

pub use address_space::address_space_bytes;
pub use artifact::{CompileCommand, Compiling, Requester, compile_child, digest};
pub use call::{Call, Context, RequestInfo};
pub use host::{ErrorCode, Host, SdkError};
pub use limits::{Limits, RequestedLimits};
pub use manifest::{EngineRef, Manifest, Priority};
pub use outcome::{
    Completeness, Denial, Exception, Failure, HostCall, Invocation, JsonText, LogLevel, LogLine, Outcome, Position,
    Records,
};
pub use runtime::{EngineSource, Hook, LoadError, Runtime, RuntimeConfig, RuntimeError};
pub use sources::locate;
pub use workshop::{Evaluated, Workshop, WorkshopError};
