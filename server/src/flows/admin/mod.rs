//! The requests of the admin API, one file each.

pub(crate) mod create_project;
pub(crate) mod deploy;
pub(crate) mod events;
pub(crate) mod hook_state;
pub(crate) mod mail_templates;
pub(crate) mod mails;
pub(crate) mod migrations;
pub(crate) mod secrets;
pub(crate) mod settings;
pub(crate) mod upload;
pub(crate) mod user_access;
pub(crate) mod users;
pub(crate) mod webhooks;
