//! Runs one hook component safely. Knows no server, no HTTP, no database.
//!
//! In the order a bundle meets them:
//!
//! - [`Manifest`]: what a bundle says about itself
//! - `artifact`: bytes → checked → compiled in a child process → cached, authenticated
//! - `child`: a process that is fed, read up to a limit, and ended when its time is up
//! - `build`: sources → bundle, in a child process that is confined; [`BundledProject`]: the sources that a bundle carries
//! - `engine`: one wasmtime engine per process, its settings and why; `address_space`: what it reserves
//! - [`Runtime`] → [`Hook`]: loaded and ready to be called
//! - [`Limits`], [`Call`]: what goes into a call
//! - [`host`]: what a hook can reach, as traits; `wasi`: the same for components that bring a standard library
//! - `call_log`: what a hook writes and prints; `crash`: where it was when it was stopped
//! - [`Invocation`]: what came out; [`Conditions`]: how a call is run again

mod address_space;
mod artifact;
mod bindings;
mod build;
mod bundled;
mod call;
mod call_log;
mod child;
mod crash;
mod engine;
mod hook;
pub mod host;
mod invoke;
mod limits;
mod manifest;
mod outcome;
mod record;
mod replay;
mod runtime;
mod shared;
mod sources;
mod state;
mod wasi;
mod workshop;

pub use address_space::address_space_bytes;
pub use artifact::{CompileCommand, Compiling, Requester, compile_child, digest};
pub use build::{
    BuildDiagnostic, BuildOutput, BuildReply, BuildRequest, BuildSeverity, ConfineError, Denies, Facts, Summary,
    TypeError, TypesRequest, check_types_from_stdin, confine, read_request, read_type_errors, write_reply,
};
pub use bundled::{BuildInputs, BuildSettings, BundledProject, ProjectFile, entry_of};
pub use call::{Call, Context, RequestInfo};
pub use hook::Hook;
pub use host::{ErrorCode, Host, SdkError};
pub use limits::{BeyondBound, Limits, RequestedLimits, UnusableLimit};
pub use manifest::{EngineRef, Manifest, Priority};
pub use outcome::{
    Completeness, Denial, Exception, Failure, HostCall, Invocation, JsonText, LogLevel, LogLine, Outcome, Position,
    Records,
};
pub use replay::{Conditions, Divergence, Fault, Question, RecordedCall, Recording, Replayed};
pub use runtime::{EngineSource, LoadError, Runtime, RuntimeConfig, RuntimeError};
pub use sources::locate;
pub use workshop::{Evaluated, Workshop, WorkshopError};
