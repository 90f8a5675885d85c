//! Bytes → checked → compiled in a child process → cached, authenticated.

mod cache;
mod check;
mod compile;

pub(crate) use cache::{ArtifactCache, Kind};
pub use check::digest;
pub(crate) use check::{Checked, ENGINE_IMPORT, Section, check, section};
pub(crate) use compile::compile_in_child;
pub use compile::{CompileCommand, compile_child};
