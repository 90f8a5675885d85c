//! Personal tokens: what an account may do, or less of it, for programs and the command line. Shown once; the hash is kept.

mod create;
mod list;
mod revoke;

pub(crate) use create::CreatePersonalToken;
pub(crate) use list::ListPersonalTokens;
pub(crate) use revoke::RevokePersonalToken;
