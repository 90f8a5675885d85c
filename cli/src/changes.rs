//! What a deployment changes against what is live: versions, and above all what each hook may touch. Knows the live
//! document of the admin API and manifests; sends nothing.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use crate::{
    output::text,
    terminal::{Stream, Style, paint},
};

/// The difference, hook by hook.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Changes {
    /// The live deployment; `null` when there is none.
    against: Value,
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
    state: Option<&'static str>,
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
    number: Value,
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
    pub(crate) number: Value,
    pub(crate) digest: &'p str,
    pub(crate) state: &'static str,
    pub(crate) capabilities: &'p [String],
    pub(crate) points: Vec<&'p str>,
}

impl Changes {
    /// Compares the plan with the live document.
    pub(crate) fn between(live: &Value, plan: &[Planned<'_>]) -> Self {
        let running: Vec<&Value> = live["hooks"].as_array().into_iter().flatten().collect();
        let find = |name: &str| running.iter().find(|hook| hook["name"] == name).copied();
        let planned = plan.iter().map(|hook| hook.against(find(hook.name)));
        let gone = running
            .iter()
            .filter(|hook| !plan.iter().any(|planned| hook["name"] == planned.name));
        Self {
            against: live["number"].clone(),
            hooks: planned.chain(gone.map(|hook| removed(hook))).collect(),
        }
    }

    /// For people.
    pub(crate) fn text(&self) -> String {
        let head = match self.against.as_i64() {
            Some(number) => format!("changes against deployment {number}"),
            None => "changes: no deployment yet".to_owned(),
        };
        let lines = self.hooks.iter().flat_map(HookChange::lines);
        std::iter::once(head).chain(lines).collect::<Vec<_>>().join("\n")
    }
}

impl Planned<'_> {
    fn against(&self, live: Option<&Value>) -> HookChange {
        let state = live
            .is_none_or(|live| live["state"] != self.state)
            .then_some(self.state);
        let change = match live {
            None => Kind::New,
            Some(live) if live["digest"] == self.digest && state.is_none() => Kind::Unchanged,
            Some(_) => Kind::Changed,
        };
        let strings = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
        HookChange {
            name: self.name.to_owned(),
            change,
            from: live.map(Version::of),
            to: Some(Version {
                number: self.number.clone(),
                digest: self.digest.to_owned(),
            }),
            // New hooks are enabled as a rule; only what is not needs to be said.
            state: state.filter(|state| live.is_some() || *state != "enabled"),
            capabilities: Difference::between(
                &live.map(|live| names(&live["capabilities"])).unwrap_or_default(),
                &self.capabilities.iter().cloned().collect(),
            ),
            points: Difference::between(&live.map(points).unwrap_or_default(), &strings(&self.points)),
        }
    }
}

fn removed(live: &Value) -> HookChange {
    HookChange {
        name: live["name"].as_str().unwrap_or_default().to_owned(),
        change: Kind::Removed,
        from: Some(Version::of(live)),
        to: None,
        state: None,
        capabilities: Difference::between(&names(&live["capabilities"]), &BTreeSet::new()),
        points: Difference::between(&points(live), &BTreeSet::new()),
    }
}

fn names(list: &Value) -> BTreeSet<String> {
    let texts = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

fn points(live: &Value) -> BTreeSet<String> {
    names(&live["hooks"])
        .into_iter()
        .chain(names(&live["events"]))
        .collect()
}

impl Version {
    fn of(live: &Value) -> Self {
        Self {
            number: live["number"].clone(),
            digest: live["digest"].as_str().unwrap_or_default().to_owned(),
        }
    }

    fn shown(&self) -> String {
        self.number
            .as_u64()
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
        let (word, style) = match self.change {
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
        let state = self.state.map_or_else(String::new, |state| format!(", {state}"));
        let name = text(&Value::from(self.name.as_str()));
        let head = format!(
            "  {} {name}, version {versions}{state}",
            paint(Stream::Answer, style, word)
        );
        let sign = |sign: &'static str, style, what: &'static str| {
            move |name: &String| {
                let name = text(&Value::from(name.as_str()));
                format!("    {} {what}{name}", paint(Stream::Answer, style, sign))
            }
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
    use serde_json::json;

    use super::*;

    #[test]
    fn every_kind_of_change_is_told() {
        let live = json!({ "number": 2, "hooks": [
            { "name": "a", "number": 3, "digest": "sha256:1", "state": "enabled", "capabilities": ["cache", "db"], "hooks": ["beforeSignup"], "events": [] },
            { "name": "b", "number": 1, "digest": "sha256:2", "state": "enabled", "capabilities": [], "hooks": [], "events": ["auth.login"] },
            { "name": "gone", "number": 7, "digest": "sha256:3", "state": "enabled", "capabilities": ["db"], "hooks": [], "events": [] },
        ]});
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
                    Value::Null,
                    "sha256:9",
                    "enabled",
                    &cache_and_host,
                    &["beforeSignup", "beforeLogin"],
                ),
                planned("b", json!(1), "sha256:2", "disabled", &[], &["auth.login"]),
                planned(
                    "c",
                    Value::Null,
                    "sha256:4",
                    "enabled",
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
