//! What a hook may use, as data: capabilities, whole or in part. Knows how grants are written, compared and intersected;
//! nothing of where they come from.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use super::{Capability, hosts};

/// A capability, whole or a part of it: `cache`, `http:api.example.com`, `secrets:crm_token`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    capability: Capability,
    part: Option<String>,
}

/// How much of a capability.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Extent {
    Whole,
    /// Never empty.
    Parts(BTreeSet<String>),
}

/// A set of grants, each capability once: whole, or the parts of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants(BTreeMap<Capability, Extent>);

impl Grant {
    /// The whole of a capability.
    #[must_use]
    pub fn whole(capability: Capability) -> Self {
        Self { capability, part: None }
    }

    /// A part of a capability: a host of `http`, a name of `secrets`.
    ///
    /// # Errors
    /// The capability has no parts, or this is none of them; with what to write instead.
    pub fn part(capability: Capability, part: &str) -> Result<Self, String> {
        let part = match capability {
            Capability::Http => hosts::parse(part)?,
            Capability::Secrets => secret_name(part)?,
            other => return Err(format!("`{other}` has no parts: write `{other}` alone")),
        };
        Ok(Self {
            capability,
            part: Some(part),
        })
    }

    /// What a request to an address needs; `None` when it is none of `http` or `https`.
    #[must_use]
    pub fn for_address(address: &str) -> Option<Self> {
        let host = hosts::of_url(&url::Url::parse(address).ok()?)?;
        Self::part(Capability::Http, &host).ok()
    }

    /// The capability.
    #[must_use]
    pub fn capability(&self) -> Capability {
        self.capability
    }

    /// The part, if it is not the whole.
    #[must_use]
    pub fn part_name(&self) -> Option<&str> {
        self.part.as_deref()
    }

    /// As a member of `capabilities` in `export const config`.
    pub(crate) fn in_config(&self) -> String {
        Grants::from_iter([self.clone()]).in_config()
    }
}

/// As manifests and `aerocall.toml` have it.
impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.part {
            Some(part) => write!(f, "{}:{part}", self.capability),
            None => write!(f, "{}", self.capability),
        }
    }
}

impl FromStr for Grant {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, part) = match text.split_once(':') {
            Some((name, part)) => (name, Some(part)),
            None => (text, None),
        };
        let capability = Capability::named(name).map_err(|unknown| unknown.to_string())?;
        part.map_or_else(|| Ok(Self::whole(capability)), |part| Self::part(capability, part))
    }
}

impl Grants {
    /// Adds a grant. The whole takes its parts in.
    pub fn add(&mut self, grant: Grant) {
        let Grant { capability, part } = grant;
        match (part, self.0.get_mut(&capability)) {
            (None, _) => drop(self.0.insert(capability, Extent::Whole)),
            (Some(_), Some(Extent::Whole)) => {}
            (Some(part), Some(Extent::Parts(parts))) => drop(parts.insert(part)),
            (Some(part), None) => drop(self.0.insert(capability, Extent::Parts([part].into()))),
        }
    }

    /// Every grant, in order.
    pub fn iter(&self) -> impl Iterator<Item = Grant> + '_ {
        self.0.iter().flat_map(|(capability, extent)| {
            let (whole, parts) = match extent {
                Extent::Whole => (Some(Grant::whole(*capability)), None),
                Extent::Parts(parts) => (None, Some(parts)),
            };
            let part = |part: &String| Grant {
                capability: *capability,
                part: Some(part.clone()),
            };
            whole.into_iter().chain(parts.into_iter().flatten().map(part))
        })
    }

    /// As manifests have them: sorted, each once.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.iter().map(|grant| grant.to_string()).collect();
        names.sort();
        names
    }

    /// What both grant. The whole of a capability and a list of parts have the list in common.
    #[must_use]
    pub fn common(&self, other: &Self) -> Self {
        let in_both = self.0.iter().filter_map(|(capability, extent)| {
            let common = extent.common(other.0.get(capability)?, *capability)?;
            Some((*capability, common))
        });
        Self(in_both.collect())
    }

    /// Whether a use is granted. Where it is not known which part is used, any part may be the one.
    #[must_use]
    pub fn allow(&self, used: &Grant) -> bool {
        match (self.0.get(&used.capability), &used.part) {
            (None, _) => false,
            (Some(Extent::Whole), _) | (Some(Extent::Parts(_)), None) => true,
            (Some(Extent::Parts(parts)), Some(wanted)) => match used.capability {
                Capability::Http => parts.iter().any(|part| hosts::serves(part, wanted)),
                _ => parts.contains(wanted),
            },
        }
    }

    /// As the value of `capabilities` in `export const config`, without braces.
    pub(crate) fn in_config(&self) -> String {
        let member = |(capability, extent): (&Capability, &Extent)| match extent {
            Extent::Whole => format!("{capability}: true"),
            Extent::Parts(parts) => {
                let quoted: Vec<String> = parts.iter().map(|part| format!("\"{part}\"")).collect();
                format!("{capability}: [{}]", quoted.join(", "))
            }
        };
        self.0.iter().map(member).collect::<Vec<_>>().join(", ")
    }
}

impl FromIterator<Grant> for Grants {
    fn from_iter<I: IntoIterator<Item = Grant>>(grants: I) -> Self {
        let mut all = Self::default();
        grants.into_iter().for_each(|grant| all.add(grant));
        all
    }
}

impl Extent {
    fn common(&self, other: &Self, capability: Capability) -> Option<Self> {
        let (one, other) = match (self, other) {
            (Self::Whole, extent) | (extent, Self::Whole) => return Some(extent.clone()),
            (Self::Parts(one), Self::Parts(other)) => (one, other),
        };
        let covered = |wide: &str, narrow: &str| match capability {
            Capability::Http => hosts::covers(wide, narrow),
            _ => wide == narrow,
        };
        let pairs = one.iter().flat_map(|a| other.iter().map(move |b| (a, b)));
        let narrower = pairs.filter_map(|(a, b)| match (covered(a, b), covered(b, a)) {
            (true, _) => Some(b.clone()),
            (false, true) => Some(a.clone()),
            (false, false) => None,
        });
        let parts: BTreeSet<String> = narrower.collect();
        (!parts.is_empty()).then_some(Self::Parts(parts))
    }
}

fn secret_name(name: &str) -> Result<String, String> {
    let mut letters = name.chars();
    let starts = letters.next().is_some_and(|first| first.is_ascii_alphabetic());
    let legal = starts && name.len() <= 64 && letters.all(|c| c.is_ascii_alphanumeric() || c == '_');
    let wrong = || format!("`{name}` is not a secret name: at most 64 letters, digits and `_`, starting with a letter");
    legal.then(|| name.to_owned()).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(texts: &[&str]) -> Grants {
        texts.iter().map(|text| text.parse::<Grant>().unwrap()).collect()
    }

    #[test]
    fn grants_are_sorted_each_once_and_the_whole_takes_its_parts_in() {
        let some = grants(&["secrets:b", "http:B.c", "cache", "http:b.c", "http:*.a", "cache"]);
        assert_eq!(some.names(), ["cache", "http:*.a", "http:b.c", "secrets:b"]);
        assert_eq!(
            some.in_config(),
            "cache: true, http: [\"*.a\", \"b.c\"], secrets: [\"b\"]"
        );
        assert_eq!(grants(&["http:a.b", "http", "http:c.d"]).names(), ["http"]);
    }

    #[test]
    fn what_both_grant_is_the_narrower_of_each_pair() {
        let own = grants(&["cache", "http:*.stripe.com", "http:a.example", "secrets"]);
        let project = grants(&["db", "http:api.stripe.com", "http:b.example", "secrets:x"]);
        assert_eq!(own.common(&project).names(), ["http:api.stripe.com", "secrets:x"]);
        assert_eq!(own.common(&project), project.common(&own));
        assert_eq!(
            own.common(&grants(&["http"])).names(),
            ["http:*.stripe.com", "http:a.example"]
        );
        assert!(grants(&["http:a.b"]).common(&grants(&["http:c.d"])).names().is_empty());
    }

    #[test]
    fn texts_that_grant_nothing_say_why() {
        for (text, says) in [
            ("files", "there is no capability `files`; there are: auth, cache"),
            ("cache:x", "`cache` has no parts"),
            ("http:https://a.b/", "`a.b`"),
            ("secrets:1x", "not a secret name"),
            ("secrets:", "not a secret name"),
            ("http:", "empty"),
        ] {
            let problem = text.parse::<Grant>().unwrap_err();
            assert!(problem.contains(says), "{text}: {problem}");
        }
    }
}
