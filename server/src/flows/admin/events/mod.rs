//! Events of an environment: what happened, newest first, one by one, and as it happens.

mod get;
mod list;
mod stream;

pub(crate) use get::GetEvent;
pub(crate) use list::ListEvents;
pub(crate) use stream::StreamEvents;
