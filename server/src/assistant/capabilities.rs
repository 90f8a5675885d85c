//! What a hook may do that it might not do before, one by one and in words: capabilities with their hosts and secrets, and hook
//! points that nobody asked for.

use aerocall_api_types::CapabilityChange;
use aerocall_contract::Capability;
use aerocall_runtime::{BuildOutput, Manifest};

/// How a hook point or event is named among capabilities.
const POINT: &str = "point:";

/// What a build says of a hook.
#[derive(Clone, Debug)]
pub(crate) struct May {
    pub(crate) manifest: Manifest,
    /// Queues that its code adds jobs to; `*` where only a call knows.
    pub(crate) queues: Vec<String>,
}

impl May {
    /// Of the bundle of a build, if there is one.
    pub(crate) fn of(output: &BuildOutput) -> Option<Self> {
        let (_, manifest) = output.bundle.as_ref()?;
        Some(Self {
            manifest: manifest.clone(),
            queues: output
                .summary
                .as_ref()
                .map(|summary| summary.facts.queues.clone())
                .unwrap_or_default(),
        })
    }

    /// Everything, in parts as far as they are known.
    fn capabilities(&self) -> Vec<String> {
        let queues = self.queues.iter().map(|queue| format!("queue:{queue}"));
        let whole = |capability: &&String| self.queues.is_empty() || *capability != "queue";
        self.manifest
            .capabilities
            .iter()
            .filter(whole)
            .cloned()
            .chain(queues)
            .collect()
    }
}

/// What `after` may do that `before` may not, and the other way round. Of a draft that cannot be built nothing is known, so everything
/// is new. `asked`: the hook point that the person named.
pub(crate) fn change(before: Option<&May>, after: &May, asked: Option<&str>) -> CapabilityChange {
    let known = before.map(May::capabilities).unwrap_or_default();
    let has = after.capabilities();
    let missing = |of: &[String], by: &[String]| -> Vec<String> {
        of.iter()
            .filter(|capability| !is_covered(capability, by))
            .cloned()
            .collect()
    };
    let (mut added, mut removed) = (missing(&has, &known), missing(&known, &has));
    let (before, after) = (before.map(|before| &before.manifest), &after.manifest);
    if let Some(before) = before.filter(|before| points(before).next().is_some()) {
        let is_new = |point: &&String| !points(before).any(|known| known == *point) && Some(point.as_str()) != asked;
        added.extend(points(after).filter(is_new).map(|point| format!("{POINT}{point}")));
        let is_gone = |point: &&String| !points(after).any(|left| left == *point);
        removed.extend(points(before).filter(is_gone).map(|point| format!("{POINT}{point}")));
    }
    CapabilityChange {
        words: added.iter().map(|one| words(one)).collect(),
        added,
        removed,
    }
}

fn points(manifest: &Manifest) -> impl Iterator<Item = &String> {
    manifest.hooks.iter().chain(&manifest.events)
}

/// Whether somebody who has these has this one. `http` without a host is no host more than the project's allow-list names, so it
/// covers none that is named.
fn is_covered(capability: &str, by: &[String]) -> bool {
    by.iter().any(|known| {
        if known == capability {
            return true;
        }
        match (known.split_once(':'), capability.split_once(':')) {
            (Some(("http", "*")), _) => capability == "http" || capability.starts_with("http:"),
            (Some(("http", pattern)), Some(("http", host))) => pattern
                .strip_prefix('*')
                .is_some_and(|below| below.starts_with('.') && host.ends_with(below) && host.len() > below.len()),
            (Some(("queue", "*")), Some(("queue", _))) => true,
            (None, Some(("secrets", _))) => known == "secrets",
            _ => false,
        }
    })
}

fn words(capability: &str) -> String {
    if let Some(point) = capability.strip_prefix(POINT) {
        return format!("runs at {point}, too");
    }
    let (name, part) = match capability.split_once(':') {
        Some((name, part)) => (name, Some(part)),
        None => (capability, None),
    };
    match (Capability::named(name), part) {
        (Ok(Capability::Auth), _) => "may read and change users, end sessions and send mails".to_owned(),
        (Ok(Capability::Cache), _) => "may read and write the project's cache".to_owned(),
        (Ok(Capability::Db), _) => "may read and change the project's tables".to_owned(),
        (Ok(Capability::Queue), None | Some("*")) => "may add jobs to any queue of the project".to_owned(),
        (Ok(Capability::Queue), Some(queue)) => format!("may add jobs to the queue {queue}"),
        (Ok(Capability::Http), None) => "may send requests to every host of the project's allow-list".to_owned(),
        (Ok(Capability::Http), Some("*")) => "may send requests to any host".to_owned(),
        (Ok(Capability::Http), Some(host)) => format!("may send requests to {host}"),
        (Ok(Capability::Secrets), None) => "may use every secret of the project".to_owned(),
        (Ok(Capability::Secrets), Some(secret)) => format!("may use the secret {secret}"),
        (Err(_), _) => format!("may use {capability}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may(hooks: &[&str], capabilities: &[&str], queues: &[&str]) -> May {
        let manifest = serde_json::json!({
            "format": 1, "name": "a", "contract": "0.1.0", "hooks": hooks, "events": [], "capabilities": capabilities,
            "sourceDigest": "sha256:00",
        });
        May {
            manifest: serde_json::from_value(manifest).unwrap(),
            queues: queues.iter().map(|queue| (*queue).to_owned()).collect(),
        }
    }

    fn added(
        before: Option<(&[&str], &[&str])>,
        hooks: &[&str],
        capabilities: &[&str],
        asked: Option<&str>,
    ) -> Vec<String> {
        let before = before.map(|(hooks, capabilities)| may(hooks, capabilities, &[]));
        let change = change(before.as_ref(), &may(hooks, capabilities, &[]), asked);
        assert_eq!(change.added.len(), change.words.len());
        change.added
    }

    #[test]
    fn queues_are_named_one_by_one() {
        let of = |known: &[&str], new: &[&str]| {
            let (before, after) = (may(&["a"], &["queue"], known), may(&["a"], &["queue"], new));
            change(Some(&before), &after, None).added
        };
        assert_eq!(of(&["a"], &["a", "b"]), ["queue:b"]);
        assert_eq!(of(&["*"], &["b"]), Vec::<String>::new());
        assert_eq!(of(&["a"], &["*"]), ["queue:*"]);
        let none = may(&["a"], &[], &[]);
        assert_eq!(
            change(Some(&none), &may(&["a"], &["queue"], &["b"]), None).added,
            ["queue:b"]
        );
        assert_eq!(
            change(Some(&none), &may(&["a"], &["queue"], &[]), None).added,
            ["queue"]
        );
    }

    #[test]
    fn everything_that_is_new_is_named_and_nothing_else() {
        let of = |known: &'static [&'static str], new: &'static [&'static str]| {
            added(Some((&["beforeSignup"], known)), &["beforeSignup"], new, None)
        };
        assert_eq!(of(&["cache"], &["cache", "db"]), ["db"]);
        assert_eq!(of(&["http:*"], &["http", "http:x.example"]), Vec::<String>::new());
        assert_eq!(of(&["http:*.x.example"], &["http:a.x.example"]), Vec::<String>::new());
        assert_eq!(of(&["http:*.x.example"], &["http:x.example"]), ["http:x.example"]);
        assert_eq!(
            of(&["http:*.x.example"], &["http:evilx.example"]),
            ["http:evilx.example"]
        );
        assert_eq!(of(&["http:a.example"], &["http:*"]), ["http:*"]);
        assert_eq!(of(&["http"], &["http:evil.example"]), ["http:evil.example"]);
        assert_eq!(of(&["secrets"], &["secrets:a"]), Vec::<String>::new());
        assert_eq!(of(&["secrets:a"], &["secrets"]), ["secrets"]);
        assert_eq!(added(None, &["beforeSignup"], &["db"], None), ["db"]);
        let points = |asked| {
            added(
                Some((&["beforeSignup"], &[])),
                &["beforeLogin", "beforeSignup"],
                &[],
                asked,
            )
        };
        assert_eq!(points(None), ["point:beforeLogin"]);
        assert_eq!(points(Some("beforeLogin")), Vec::<String>::new());
    }
}
