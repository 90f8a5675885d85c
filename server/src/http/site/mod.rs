//! What is served besides the two APIs: health, figures, and the description of everything for programs and for people.

pub(crate) mod api;
pub(crate) mod docs;
mod health;
mod metrics;
pub(crate) mod openapi;
