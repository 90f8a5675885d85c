//! Bytes → checked → compiled in a child process, in turns → cached, authenticated, within a quota.

mod cache;
mod check;
mod compile;
mod disk;
mod turns;

pub(crate) use cache::{ArtifactCache, Kind, Loaded};
pub use check::digest;
pub(crate) use check::{Checked, ENGINE_IMPORT, Section, check, section};
pub(crate) use compile::compile_in_child;
pub use compile::{CompileCommand, compile_child};
pub(crate) use turns::{Busy, Turns};
pub use turns::{Compiling, Requester};
