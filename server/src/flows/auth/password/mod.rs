//! Passwords of accounts: forgotten, reset, changed. `set` is what reset and change share.

mod change;
mod forgot;
mod reset;
mod set;

pub(crate) use change::ChangePassword;
pub(crate) use forgot::ForgotPassword;
pub(crate) use reset::ResetPassword;
