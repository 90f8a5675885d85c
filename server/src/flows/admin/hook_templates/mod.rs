//! What a new hook begins as: empty ones, and the examples of the repository with their test cases.
//!
//! `catalogue`: which there are; `template`: one of them.

mod catalogue;
mod list;
mod template;

pub(crate) use list::ListHookTemplates;

pub(super) use catalogue::{FIRST, NAMES, named};
pub(super) use template::Template;
