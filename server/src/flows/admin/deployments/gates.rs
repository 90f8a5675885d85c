//! What is looked at before a deployment: each gate says whether it lets it through. One that failed refuses the deployment,
//! unless somebody who manages the project forces it.

use aerocall_api_types::{Gate, GateName, GateState};
use aerocall_contract::errors;
use serde_json::json;

use crate::{
    base::error::{Problem, Refusal},
    storage::store::{DeployedHook, VersionRow},
};

/// A version whose draft had begun before what is live.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stale {
    hook: String,
    number: i32,
    base: i32,
    live: i32,
}

impl Stale {
    fn problem(&self) -> String {
        format!(
            "version {} of `{}` began from version {}, and version {} is live, which it does not have the changes of",
            self.number, self.hook, self.base, self.live
        )
    }
}

/// The versions among these that would undo what somebody else has made live in the meantime. Going back to a version from
/// before the live one is meant so, and none of them.
pub(super) fn stale(versions: &[VersionRow], live: &[DeployedHook]) -> Vec<Stale> {
    let of = |version: &VersionRow| {
        let base = version.base_number?;
        let live = live
            .iter()
            .find(|hook| hook.version.name == version.name)?
            .version
            .number;
        (base < live && live < version.number).then(|| Stale {
            hook: version.name.clone(),
            number: version.number,
            base,
            live,
        })
    };
    versions.iter().filter_map(of).collect()
}

/// The gate about versions that began before what is live.
pub(super) fn base_gate(stale: &[Stale]) -> Gate {
    gate(
        GateName::Base,
        match stale.is_empty() {
            true => (GateState::Passed, String::new()),
            false => (
                GateState::Failed,
                stale.iter().map(Stale::problem).collect::<Vec<_>>().join("; "),
            ),
        },
    )
}

/// A gate with what it says; nothing is `null`.
pub(super) fn gate(name: GateName, (state, detail): (GateState, String)) -> Gate {
    Gate {
        name,
        state,
        detail: (!detail.is_empty()).then_some(detail),
    }
}

/// The refusal of a deployment, with what was sent and what is live.
pub(super) fn refused(stale: &[Stale]) -> Refusal {
    let side = |number: fn(&Stale) -> i32| -> Vec<_> {
        let line = |one: &Stale| json!({ "hook": one.hook, "number": number(one) });
        stale.iter().map(line).collect()
    };
    let problem = |one: &Stale| Problem {
        field: "hooks".to_owned(),
        problem: one.problem(),
    };
    Refusal {
        details: stale.iter().map(problem).collect(),
        conflict: Some(Box::new(
            json!({ "yours": side(|one| one.number), "theirs": side(|one| one.live) }),
        )),
        ..Refusal::new(
            errors::DEPLOYMENT_REFUSED,
            "A gate of the deployment failed; see details. Begin a draft from the live version, or force it with a reason",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(name: &str, number: i32, base_number: Option<i32>) -> VersionRow {
        VersionRow {
            id: format!("{name}{number}"),
            name: name.to_owned(),
            number,
            digest: String::new(),
            manifest: String::new(),
            component_bytes: 0,
            created_ms: 0,
            created_by: None,
            message: None,
            base_number,
        }
    }

    fn live(number: i32) -> Vec<DeployedHook> {
        vec![DeployedHook {
            version: version("a", number, None),
            failure_policy: None,
            state: "enabled".to_owned(),
            breaker: "on".to_owned(),
            limits: "{}".to_owned(),
        }]
    }

    #[test]
    fn a_version_is_stale_if_it_began_before_what_is_live_and_comes_after_it() {
        for (number, base, live_number, is_stale) in [
            (3, Some(1), 2, true),
            (3, Some(2), 2, false),
            (3, Some(2), 1, false),
            (3, None, 2, false),
            (1, Some(0), 2, false),
            (2, Some(1), 2, false),
        ] {
            let found = stale(&[version("a", number, base)], &live(live_number));
            assert_eq!(!found.is_empty(), is_stale, "{number} from {base:?} over {live_number}");
        }
        assert_eq!(stale(&[version("b", 3, Some(1))], &live(2)), []);
    }
}
