//! Types of events.

mod list;

pub(crate) use list::ListEventTypes;
