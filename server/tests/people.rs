//! Accounts of admins: signing in, proving who it is, roles in projects, invitations, personal tokens, and what others try.

mod browser;
mod hostile;
mod invitations;
mod members;
mod password_resets;
mod roles;
mod sessions;
mod tokens;
mod totp;

pub(crate) use browser::{Browser, administrator, person};
