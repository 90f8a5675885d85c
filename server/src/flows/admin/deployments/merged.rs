//! What a deployment consists of in the end: the lines that are sent, and with `keepOthers` those of the live one beside them.

use std::collections::BTreeSet;

use aerocall_runtime::Manifest;

use super::input::Extent;
use crate::{
    base::error::Refusal,
    flows::admin::hooks::one_consumer_each,
    hooks::State,
    storage::store::{DeployedHook, NewDeployedHook, StoreError},
};

/// Hooks of a deployment.
const MAX_HOOKS: usize = 32;

/// A line that is to be deployed, with the manifest of its version.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) name: String,
    pub(super) line: NewDeployedHook,
    /// JSON.
    pub(super) manifest: String,
}

impl Planned {
    /// A line of a kept deployment again.
    pub(super) fn again(hook: &DeployedHook) -> Self {
        Self {
            name: hook.version.name.clone(),
            line: NewDeployedHook::of(hook),
            manifest: hook.version.manifest.clone(),
        }
    }
}

/// All lines, in the order in which they run: what is kept stays where it is, what is new comes last.
pub(super) fn merged(
    sent: Vec<Planned>,
    extent: &Extent,
    live: &[DeployedHook],
) -> Result<Result<Vec<NewDeployedHook>, Refusal>, StoreError> {
    let all = match extent {
        Extent::Whole => sent,
        Extent::Part { removes } => {
            let removed: BTreeSet<&str> = removes.iter().map(|name| name.as_str()).collect();
            if let Some(unknown) = removed
                .iter()
                .find(|name| live.iter().all(|hook| hook.version.name != **name))
            {
                let problem = format!("`{unknown}` is not part of the live deployment");
                return Ok(Err(Refusal::invalid_field("removes", problem)));
            }
            let mut sent = sent;
            let mut all = Vec::new();
            for hook in live.iter().filter(|hook| !removed.contains(hook.version.name.as_str())) {
                match sent.iter().position(|planned| planned.name == hook.version.name) {
                    Some(at) => all.push(sent.remove(at)),
                    None => all.push(Planned::again(hook)),
                }
            }
            all.append(&mut sent);
            all
        }
    };
    if all.len() > MAX_HOOKS {
        let problem = format!(
            "would be {} with those that are live; at most {MAX_HOOKS} can be",
            all.len()
        );
        return Ok(Err(Refusal::invalid_field("hooks", problem)));
    }
    let mut enabled: Vec<(String, Manifest)> = Vec::new();
    for planned in all
        .iter()
        .filter(|planned| planned.line.state == State::Enabled.as_str())
    {
        let manifest = serde_json::from_str(&planned.manifest);
        let manifest = manifest.map_err(|_| StoreError::Inconsistent("a manifest cannot be read back"))?;
        enabled.push((planned.name.clone(), manifest));
    }
    Ok(one_consumer_each(&enabled).map(|()| all.into_iter().map(|planned| planned.line).collect()))
}
