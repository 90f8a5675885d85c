//! Bytes → checked → compiled in a child process, in turns → cached, authenticated, within a quota.

mod cache;
mod check;
mod compile;
mod disk;
mod imports;
mod turns;

pub(crate) use cache::{ArtifactCache, Kind, Loaded};
pub use check::digest;
pub(crate) use check::{BUNDLE_BYTES, Checked, ENGINE_IMPORT, Section, check, section};
pub use compile::{CompileCommand, compile_child};
pub(crate) use compile::{compile_in_child, internal, last_words};
pub(crate) use imports::release;
pub(crate) use turns::{Busy, Turn, Turns};
pub use turns::{Compiling, Requester};
