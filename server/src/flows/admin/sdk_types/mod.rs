//! Types for whoever writes hooks in an editor.

mod get;
mod project;

pub(crate) use get::GetSdkTypes;
