//! Endpoints of the auth API with the hooks that an environment runs at them.

mod day;
mod list;
mod running;

pub(crate) use list::ListEndpoints;
pub(crate) use running::{Place, Running, Status};
