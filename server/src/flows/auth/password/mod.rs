//! Passwords of accounts: forgotten, reset, changed.

mod change;
mod forgot;
mod reset;

pub(crate) use change::ChangePassword;
pub(crate) use forgot::ForgotPassword;
pub(crate) use reset::ResetPassword;
