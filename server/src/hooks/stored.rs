//! What the store says of a scope: its deployment, the project's limits, and the revision of both, read from one state.
//! Knows no bundle.

use aerocall_runtime::RequestedLimits;

use crate::{
    base::{
        error::{Error, Result},
        ids::Scope,
    },
    storage::store::{DeployedHook, DeploymentRow, RolloutRow, Setting, SettingName, StoreError, Tx, VersionRow},
};

/// A deployment as it is kept, with what else decides how it runs.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    pub(crate) deployment: DeploymentRow,
    pub(crate) hooks: Vec<DeployedHook>,
    pub(crate) limits: Option<Setting>,
    /// Those that go on.
    pub(crate) rollouts: Vec<StoredRollout>,
    /// Of the scope's last change: of two that were read, the one with the greater number is newer.
    pub(crate) revision: i64,
}

/// A rollout as it is kept, with its version if that is still there.
#[derive(Clone, Debug)]
pub(crate) struct StoredRollout {
    pub(crate) row: RolloutRow,
    pub(crate) version: Option<VersionRow>,
}

impl Stored {
    /// The scope's newest deployment, if there is any.
    pub(crate) fn newest(tx: &mut Tx<'_>, scope: &Scope) -> std::result::Result<Option<Self>, StoreError> {
        let newest = tx.deployments(scope, 1)?.pop();
        newest.map(|deployment| Self::of(tx, scope, deployment)).transpose()
    }

    /// A deployment of the scope.
    pub(crate) fn of(
        tx: &mut Tx<'_>,
        scope: &Scope,
        deployment: DeploymentRow,
    ) -> std::result::Result<Self, StoreError> {
        Ok(Self {
            hooks: tx.deployed_hooks(&deployment.id)?,
            limits: tx.setting(scope, SettingName::Limits)?,
            rollouts: rollouts(tx, scope)?,
            revision: tx.revision_of(scope)?,
            deployment,
        })
    }
}

fn rollouts(tx: &mut Tx<'_>, scope: &Scope) -> std::result::Result<Vec<StoredRollout>, StoreError> {
    let mut rollouts = Vec::new();
    for row in tx.running_rollouts(scope)? {
        rollouts.push(StoredRollout {
            version: tx.version(&scope.project, &row.version_id)?,
            row,
        });
    }
    Ok(rollouts)
}

/// The most that a call may use, as the project has set it.
pub(super) fn read_limits(kept: Option<Setting>) -> Result<RequestedLimits> {
    match kept {
        None => Ok(RequestedLimits::default()),
        Some(Setting::Open(text)) => {
            serde_json::from_str(&text).map_err(|error| Error::unexpected("reading a project's limits", error))
        }
        Some(Setting::Sealed(_)) => Err(Error::unexpected("reading a project's limits", "they are sealed")),
    }
}
