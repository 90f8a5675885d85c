//! Everything that leaves the server for other hosts: HTTP through one egress, mails, identity providers, webhooks,
//! language models.

pub(crate) mod egress;
pub(crate) mod mail;
pub(crate) mod models;
pub(crate) mod oidc;
pub(crate) mod webhooks;
