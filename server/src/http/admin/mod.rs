//! The admin API: its endpoints and their handlers.

pub(crate) mod account_api;
pub(crate) mod account_examples;
pub(crate) mod admin_api;
pub(crate) mod api;
pub(crate) mod describe;
pub(crate) mod event_api;
pub(crate) mod event_examples;
pub(crate) mod events;
pub(crate) mod examples;
pub(crate) mod handler;
pub(crate) mod limit_fields;
pub(crate) mod mails;
pub(crate) mod secrets;
pub(crate) mod settings_api;
pub(crate) mod users;
pub(crate) mod webhooks;
