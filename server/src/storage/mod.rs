//! Everything that is kept: the core store, the projects' own databases, the cache, the queue.

pub(crate) mod cache;
pub(crate) mod queue;
pub(crate) mod revisions;
pub(crate) mod store;
pub(crate) mod tenant;
