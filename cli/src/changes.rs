//! What a deployment changes against what is live: versions, and above all what each hook may touch. Knows the live
//! document of the admin API and manifests; sends nothing.

use std::collections::BTreeSet;

use aerocall_api_types::{HookState, LiveHook, LiveHooks};
use serde::Serialize;

use crate::{
    output::word,
    terminal::{Stream, Style, paint, plain},
};

/// The difference, hook by hook.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Changes {
    /// The live deployment; `null` when there is none.
    against: Option<i32>,
    hooks: Vec<HookChange>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct HookChange {
    name: String,
    change: Kind,
    from: Option<Version>,
    to: Option<Version>,
    /// Only where it changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<HookState>,
    capabilities: Difference,
    points: Difference,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    New,
    Changed,
    Unchanged,
    Removed,
}

#[derive(Debug, Serialize)]
struct Version {
    /// `null` until the bundle is uploaded.
    number: Option<i64>,
    digest: String,
}

#[derive(Debug, Default, Serialize)]
struct Difference {
    added: Vec<String>,
    removed: Vec<String>,
}

/// A hook as it will be.
pub(crate) struct Planned<'p> {
    pub(crate) name: &'p str,
    /// `null` until the bundle is uploaded.
    pub(crate) number: Option<i64>,
    pub(crate) digest: &'p str,
    pub(crate) state: HookState,
    pub(crate) capabilities: &'p [String],
    pub(crate) points: Vec<&'p str>,
}

impl Changes {
    /// Compares the plan with the live document.
    pub(crate) fn between(live: &LiveHooks, plan: &[Planned<'_>]) -> Self {
        let find = |name: &str| live.hooks.iter().find(|hook| hook.name == name);
        let planned = plan.iter().map(|hook| hook.against(find(hook.name)));
        let is_planned = |hook: &&LiveHook| plan.iter().any(|planned| hook.name == planned.name);
        let gone = live.hooks.iter().filter(|hook| !is_planned(hook));
        Self {
            against: live.number,
            hooks: planned.chain(gone.map(removed)).collect(),
        }
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let head = match self.against {
            Some(number) => format!("changes against deployment {number}"),
            None => "changes: no deployment yet".to_owned(),
        };
        let lines = self.hooks.iter().flat_map(HookChange::lines);
        std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
    }
}

impl Planned<'_> {
    fn against(&self, live: Option<&LiveHook>) -> HookChange {
        let state = live.is_none_or(|live| live.state != self.state).then_some(self.state);
        let change = match live {
            None => Kind::New,
            Some(live) if live.digest == self.digest && state.is_none() => Kind::Unchanged,
            Some(_) => Kind::Changed,
        };
        let strings = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        HookChange {
            name: self.name.to_owned(),
            change,
            from: live.map(Version::of),
            to: Some(Version {
                number: self.number,
                digest: self.digest.to_owned(),
            }),
            // New hooks are enabled as a rule; only what is not needs to be said.
            state: state.filter(|state| live.is_some() || *state != HookState::Enabled),
            capabilities: Difference::between(
                &live.map(|live| names(&live.capabilities)).unwrap_or_default(),
                &self.capabilities.iter().cloned().collect(),
            ),
            points: Difference::between(&live.map(points).unwrap_or_default(), &strings(&self.points)),
        }
    }
}

fn removed(live: &LiveHook) -> HookChange {
    HookChange {
        name: live.name.clone(),
        change: Kind::Removed,
        from: Some(Version::of(live)),
        to: None,
        state: None,
        capabilities: Difference::between(&names(&live.capabilities), &BTreeSet::new()),
        points: Difference::between(&points(live), &BTreeSet::new()),
    }
}

fn names(list: &[String]) -> BTreeSet<String> {
    list.iter().cloned().collect()
}

fn points(live: &LiveHook) -> BTreeSet<String> {
    live.hooks.iter().chain(&live.events).cloned().collect()
}

impl Version {
    fn of(live: &LiveHook) -> Self {
        Self {
            number: Some(live.number.into()),
            digest: live.digest.clone(),
        }
    }

    fn shown(&self) -> String {
        self.number
            .map_or_else(|| "new".to_owned(), |number| number.to_string())
    }
}

impl Difference {
    fn between(from: &BTreeSet<String>, to: &BTreeSet<String>) -> Self {
        Self {
            added: to.difference(from).cloned().collect(),
            removed: from.difference(to).cloned().collect(),
        }
    }
}

impl HookChange {
    fn lines(&self) -> Vec<String> {
        let (change, style) = match self.change {
            Kind::New => ("new", Style::Good),
            Kind::Changed => ("changed", Style::Caution),
            Kind::Unchanged => ("unchanged", Style::Quiet),
            Kind::Removed => ("removed", Style::Bad),
        };
        let versions = match (&self.from, &self.to) {
            (Some(from), Some(to)) if from.digest != to.digest => format!("{} → {}", from.shown(), to.shown()),
            (Some(one), _) | (None, Some(one)) => one.shown(),
            (None, None) => String::new(),
        };
        let state = self
            .state
            .map_or_else(String::new, |state| format!(", {}", word(&state)));
        let name = plain(&self.name);
        let head = format!(
            "  {} {name}, version {versions}{state}",
            paint(Stream::Answer, style, change)
        );
        let sign = |sign: &'static str, style, what: &'static str| {
            move |name: &String| format!("    {} {what}{}", paint(Stream::Answer, style, sign), plain(name))
        };
        let mut lines = vec![head];
        lines.extend(self.points.added.iter().map(sign("+", Style::Good, "runs at ")));
        lines.extend(self.points.removed.iter().map(sign("-", Style::Bad, "runs at ")));
        // More rights are what to look at twice; fewer harm nobody.
        lines.extend(self.capabilities.added.iter().map(sign("+", Style::Caution, "")));
        lines.extend(self.capabilities.removed.iter().map(sign("-", Style::Good, "")));
        lines
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;

    /// An enabled hook.
    fn live(name: &str, number: u32, digest: &str, capabilities: &[&str], points: &[&str]) -> LiveHook {
        let hook = json!({
            "name": name, "number": number, "digest": digest, "state": "enabled", "breaker": "closed",
            "hooks": points, "events": [], "schedules": {}, "capabilities": capabilities, "notRun": [],
            "limits": aerocall_runtime::Limits::DEFAULT,
        });
        serde_json::from_value(hook).unwrap()
    }

    #[test]
    fn every_kind_of_change_is_reported() {
        let live = LiveHooks {
            number: Some(2),
            points: BTreeMap::new(),
            hooks: vec![
                live("a", 3, "sha256:1", &["cache", "db"], &["beforeSignup"]),
                live("b", 1, "sha256:2", &[], &["auth.login"]),
                live("gone", 7, "sha256:3", &["db"], &[]),
            ],
        };
        let cache_and_host = ["cache".to_owned(), "http:api.crm.example".to_owned()];
        let planned = |name, number, digest, state, capabilities, points: &[&'static str]| Planned {
            name,
            number,
            digest,
            state,
            capabilities,
            points: points.to_vec(),
        };
        let changes = Changes::between(
            &live,
            &[
                planned(
                    "a",
                    None,
                    "sha256:9",
                    HookState::Enabled,
                    &cache_and_host,
                    &["beforeSignup", "beforeLogin"],
                ),
                planned("b", Some(1), "sha256:2", HookState::Disabled, &[], &["auth.login"]),
                planned(
                    "c",
                    None,
                    "sha256:4",
                    HookState::Enabled,
                    &cache_and_host[..1],
                    &["afterLogin"],
                ),
            ],
        );
        assert_eq!(
            changes.text().lines().collect::<Vec<_>>(),
            [
                "changes against deployment 2",
                "  changed a, version 3 → new",
                "    + runs at beforeLogin",
                "    + http:api.crm.example",
                "    - db",
                "  changed b, version 1, disabled",
                "  new c, version new",
                "    + runs at afterLogin",
                "    + cache",
                "  removed gone, version 7",
                "    - db",
            ]
        );
        let document = serde_json::to_value(&changes).unwrap();
        assert_eq!(
            document["hooks"][0]["capabilities"],
            json!({ "added": ["http:api.crm.example"], "removed": ["db"] })
        );
        assert_eq!(document["hooks"][3]["change"], "removed");
    }
}
