//! One file per request that does something, each a list of steps. Knows no HTTP.
//!
//! - `endpoint`: the trait of the requests of the auth API, and their description
//! - `entry`: what all ways in end with; `session`: the one way to a session; `one_time`: links and codes
//! - `mailbox`: who has shown that a mailbox is theirs; `letters`: the server's own mails; `reach`: what sending one keeps;
//!   `even`: answers that tell nothing by when they come; `lockout`: the line about who guessed too often
//!
//! The auth flows have one shape: check input → before-hooks → hash → one transaction {state + outbox} → after-hooks →
//! reply. No hook and no hash runs inside a transaction.

pub(crate) mod accounts;
mod commit;
pub(crate) mod create_project;
pub(crate) mod deploy;
pub(crate) mod email;
pub(crate) mod endpoint;
mod entry;
mod even;
pub(crate) mod events;
pub(crate) mod examples;
pub(crate) mod hook_state;
pub(crate) mod identities;
mod letters;
mod lockout;
pub(crate) mod login;
pub(crate) mod logout;
pub(crate) mod magic_link;
pub(crate) mod mail_templates;
mod mailbox;
pub(crate) mod mails;
pub(crate) mod me;
pub(crate) mod mfa;
pub(crate) mod migrations;
pub(crate) mod oauth;
mod one_time;
pub(crate) mod otp;
mod owner;
pub(crate) mod password;
mod reach;
pub(crate) mod refresh;
pub(crate) mod register;
pub(crate) mod secrets;
mod session;
pub(crate) mod sessions;
pub(crate) mod settings;
pub(crate) mod upload;
pub(crate) mod user_access;
pub(crate) mod users;
pub(crate) mod webhooks;
