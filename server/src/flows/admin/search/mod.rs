//! Finding something in an environment by a few letters or by its id.

mod get;

pub(crate) use get::Search;
