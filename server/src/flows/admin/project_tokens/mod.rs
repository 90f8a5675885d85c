//! Admin tokens of a project: they open the admin API of all its environments, and nothing of other projects or the server.

mod create;
mod list;
mod revoke;
mod rotate;

pub(crate) use create::CreateProjectToken;
pub(crate) use list::ListProjectTokens;
pub(crate) use revoke::RevokeProjectToken;
pub(crate) use rotate::RotateProjectToken;
