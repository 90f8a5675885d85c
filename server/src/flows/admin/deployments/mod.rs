//! Deployments: sets of versions that are live as a whole.

mod deploy;
mod input;
mod list;

use aerocall_api_types::Deployment;

pub(crate) use deploy::{Deploy, deploy};
pub(crate) use input::Input;
pub(crate) use list::ListDeployments;

pub(super) use input::read_state;

use crate::{base::clock, storage::store::DeploymentRow};

pub(super) fn deployment(row: DeploymentRow) -> Deployment {
    Deployment {
        id: row.id,
        number: row.number,
        created_at: clock::iso(row.created_ms).into(),
        created_by: row.created_by,
    }
}
