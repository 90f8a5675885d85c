//! What hooks are called for, with schemas and samples.

mod list;

pub(crate) use list::ListHookPoints;
