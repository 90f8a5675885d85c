//! The requests of the admin API, one file each; `check`: what of them can be asked without a server.

pub(crate) mod admin_tokens;
pub(crate) mod api_keys;
pub(crate) mod audit;
pub(crate) mod check;
pub(crate) mod deployments;
pub(crate) mod endpoints;
pub(crate) mod events;
pub(crate) mod hooks;
pub(crate) mod invocations;
pub(crate) mod jobs;
pub(crate) mod mail_templates;
pub(crate) mod mails;
pub(crate) mod migrations;
pub(crate) mod projects;
pub(crate) mod secrets;
pub(crate) mod settings;
pub(crate) mod signing_keys;
pub(crate) mod users;
pub(crate) mod versions;
pub(crate) mod webhooks;
