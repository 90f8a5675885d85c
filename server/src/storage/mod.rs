//! Everything that is kept: the core store, the projects' own databases, the cache, the queue.

pub(crate) mod cache;
mod opened_file;
pub(crate) mod pooler;
pub(crate) mod queue;
pub(crate) mod revisions;
pub(crate) mod soundness;
pub(crate) mod store;
pub(crate) mod tenant;
pub(crate) mod write_fault;
