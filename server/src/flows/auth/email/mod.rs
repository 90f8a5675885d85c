//! Addresses: confirming one, changing to another.

mod change;
mod confirm_change;
mod send;
mod verify;

pub(crate) use change::ChangeEmail;
pub(crate) use confirm_change::ConfirmEmailChange;
pub(crate) use send::SendVerification;
pub(crate) use verify::VerifyEmail;
