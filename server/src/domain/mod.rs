//! What the product is about, as types over the rows of the store: projects and their settings, users, events, the audit log.

pub(crate) mod audit;
pub(crate) mod events;
pub(crate) mod project;
pub(crate) mod user;
