//! What this server is and can do.

mod get;

pub(crate) use get::GetMeta;
