//! Logging in by a link in a mail.

mod send;
mod verify;

pub(crate) use send::SendMagicLink;
pub(crate) use verify::VerifyMagicLink;
