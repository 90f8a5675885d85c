//! Builds of hooks' sources in a child process, within limits and confined to an empty directory: sources come from whoever
//! writes hooks, and the bundler reads files that they name. What builds is somebody else's program; this starts it, gives it
//! the sources and reads the bundle.

mod child;
mod confine;
mod protocol;
mod summary;
mod types;

pub(crate) use child::build_in_child;
pub use confine::{ConfineError, confine};
pub use protocol::{BuildDiagnostic, BuildOutput, BuildReply, BuildRequest, BuildSeverity, read_request, write_reply};
pub use summary::{Denies, Facts, Summary};
pub(crate) use types::types_in_child;
pub use types::{TypeError, TypesRequest, check_types_from_stdin, read_type_errors};
