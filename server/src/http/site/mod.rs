//! What is served besides the two APIs: health, figures, the description of everything for programs and for people, and the
//! admin in the browser.

pub(crate) mod admin;
pub(crate) mod api;
pub(crate) mod docs;
mod health;
mod metrics;
pub(crate) mod openapi;
