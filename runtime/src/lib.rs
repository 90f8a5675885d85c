//! Runs one hook component safely. Knows no server, no HTTP, no database.
//!
//! In the order a bundle meets them:
//!
//! - [`Manifest`]: what a bundle says about itself
//! - `artifact`: bytes → checked → compiled in a child process → cached, authenticated
//! - `engine`: one wasmtime engine per process, its settings and why
//! - [`Runtime`] → [`Hook`]: loaded and ready to be called
//! - [`Limits`], [`Call`]: what goes into a call
//! - [`host`]: what a hook can reach, as traits
//! - [`Invocation`]: what came out

mod call;
pub mod host;
mod limits;
mod manifest;
mod outcome;
mod runtime;

pub use call::{Call, Context, RequestInfo};
pub use host::Host;
pub use limits::Limits;
pub use manifest::{EngineRef, Manifest, RequestedLimits};
pub use outcome::{Denial, Exception, Failure, HostCall, Invocation, LogLevel, LogLine, Outcome, Position};
pub use runtime::{CompileCommand, EngineSource, Hook, LoadError, Runtime, RuntimeConfig, RuntimeError};
